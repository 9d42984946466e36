"""The interface of a closure to a flow solver: from gradients, `k` and `epsilon` to stresses."""

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import without_trace

# Both k and epsilon vanish without turbulence. This is far below all values in a solver.
_MIN_DISSIPATION = 1e-30


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class ScaledGradients(keras.layers.Layer):
    """Strain rate and rotation rate times `k / epsilon`.

    With `G_ij = dU_i / dx_j`, `S` is the trace-free part of `(G + G^T) / 2` and
    `R = (G - G^T) / 2`. Incompressible flows have a trace only by numerical errors. The result is
    finite where `k` or `epsilon` vanish or are negative, as they may be while a solver iterates.

    Shapes:
        inputs: `{"gradient": (batch, 3, 3), "k": (batch, 1), "epsilon": (batch, 1)}`.
        y: `(batch, 2, 3, 3)`.
    """

    def call(self, inputs):
        energy = ops.maximum(inputs["k"], 0.0)
        time_scale = energy / (ops.maximum(inputs["epsilon"], 0.0) + _MIN_DISSIPATION)
        gradient = time_scale[..., None] * inputs["gradient"]
        transposed = ops.swapaxes(gradient, 1, 2)
        strain = without_trace(0.5 * (gradient + transposed))
        return ops.stack([strain, 0.5 * (gradient - transposed)], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape["gradient"][0], 2, 3, 3)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StressFromAnisotropy(keras.layers.Layer):
    """`<u u> = 2 k (b + I / 3)`; zero where `k` is not positive.

    Shapes:
        inputs: `{"anisotropy": (batch, 3, 3), "k": (batch, 1)}`.
        y: `(batch, 3, 3)`.
    """

    def call(self, inputs):
        energy = ops.maximum(inputs["k"], 0.0)[..., None]
        return 2.0 * energy * (inputs["anisotropy"] + ops.eye(3, dtype=energy.dtype) / 3.0)

    def compute_output_shape(self, input_shape):
        return input_shape["anisotropy"]


def reynolds_stress(network: keras.Model) -> keras.Model:
    """Builds the model that a flow solver evaluates at each of its points.

    Args:
        network: Functional model `x -> b`, such as a trained `tensor_basis_network`. If `x` is a
            dict, its other inputs become inputs of the new model.

    Shapes:
        x: `{"gradient": (batch, 3, 3), "k": (batch, 1), "epsilon": (batch, 1)}`: `dU_i / dx_j` in
            1/s, energy in m^2/s^2 and dissipation in m^2/s^3, or in other consistent units.
        y: `(batch, 3, 3)`, `<u_i u_j>` in the units of `k`; float32.
    """
    inputs = {
        "gradient": keras.Input((3, 3), name="gradient"),
        "k": keras.Input((1,), name="k"),
        "epsilon": keras.Input((1,), name="epsilon"),
    }
    # The largest number in half precision is 65504, while energies span many decades.
    tensors = ScaledGradients(dtype="float32")(inputs)
    network_inputs = tensors
    if isinstance(network.input, dict):
        others = {
            name: keras.Input(value.shape[1:], name=name)
            for name, value in network.input.items()
            if name != "tensors"
        }
        network_inputs = {"tensors": tensors, **others}
        inputs = {**inputs, **others}
    anisotropy = {"anisotropy": network(network_inputs), "k": inputs["k"]}
    stress = StressFromAnisotropy(dtype="float32")(anisotropy)
    return keras.Model(inputs, stress, name="reynolds_stress")
