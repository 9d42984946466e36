"""A trained network on the grid of another problem."""

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
    shape, expected = network.input_shape, len(problem.cells) + 2
    if len(shape) != expected or shape[-1] != 2 or network.output_shape[-1] != 1:
        raise ValueError(
            f"The network must map (batch, {len(problem.cells)} axes of cells, 2) to a pressure "
            f"with 1 channel. Received: a network from {shape} to {network.output_shape}"
        )

    def renewed(layer):
        config = layer.get_config()
        if "sides" in config:
            config["sides"] = problem.sides
        return type(layer).from_config(config)

    x = keras.Input((*problem.cells, 2))
    renewal = keras.models.clone_model(network, input_tensors=x, clone_function=renewed)
    renewal.set_weights(network.get_weights())
    return renewal
