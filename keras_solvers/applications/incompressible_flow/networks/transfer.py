"""A trained network on another grid."""

import keras


def for_problem(network, problem):
    """The same layers and weights for the cells and sides of another pressure problem.

    Args:
        network: Functional model from `(batch, *cells, 2)`, such as one from `multigrid_network`.
        problem: A `PressureProjection` of as many axes.

    Raises:
        ValueError: If the network does not answer the pressure problem, or its weights belong to
            one grid.
    """
    return on_cells(network, problem.cells, problem.sides)


def on_cells(network, cells, sides=None):
    """The same for given numbers of cells.

    Args:
        network: As of `for_problem`.
        cells: Number of cells along each axis; `None` for an axis that is left open, which
            convolutional networks can do.
        sides: Sides of the domain; those of the network if `None`.
    """
    shape, expected = network.input_shape, len(cells) + 2
    if len(shape) != expected or shape[-1] != 2 or network.output_shape[-1] != 1:
        raise ValueError(
            f"The network must map (batch, {len(cells)} axes of cells, 2) to a pressure with 1 "
            f"channel. Received: a network from {shape} to {network.output_shape}"
        )

    def renewed(layer):
        config = layer.get_config()
        if "sides" in config and sides is not None:
            config["sides"] = sides
        return type(layer).from_config(config)

    x = keras.Input((*cells, 2))
    renewal = keras.models.clone_model(network, input_tensors=x, clone_function=renewed)
    renewal.set_weights(network.get_weights())
    return renewal


def sides_of(network):
    """The sides of the domain that a network was built for; `None` if no layer knows them."""
    configs = (layer.get_config() for layer in network.layers)
    return next((config["sides"] for config in configs if "sides" in config), None)
