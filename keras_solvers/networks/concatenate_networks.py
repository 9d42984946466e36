"""Several networks of the same coordinates as one."""

import keras


def concatenate_networks(networks):
    """Concatenates the outputs of networks of the same points, which share no weights.

    For fields that have little in common, and for parts of a domain, each with a network of its
    own, coupled by `keras_solvers.pinn.interface` (Jagtap and Karniadakis, Extended
    physics-informed neural networks, 2020).

    Args:
        networks: Keras models of one input, all of the same shape and dtype.

    Raises:
        ValueError: If there are fewer than two, or their inputs differ.
    """
    inputs = [(tuple(n.inputs[0].shape), n.inputs[0].dtype) for n in networks]
    if len(networks) < 2 or len(set(inputs)) > 1:
        raise ValueError(
            "`networks` must be two or more, all with inputs of the same shape and dtype. "
            f"Received: {len(networks)} networks with inputs {inputs}"
        )
    shape, dtype = inputs[0]
    points = keras.Input(shape[1:], dtype=dtype)
    # In a model of its own each, so that names do not clash.
    parts = [
        keras.Model(network.inputs[0], network.outputs[0], name=f"part_{number}")(points)
        for number, network in enumerate(networks)
    ]
    outputs = keras.layers.Concatenate(dtype=dtype)(parts)
    return keras.Model(points, outputs, name="concatenated_networks")
