"""A closure as a solver of the mean flow calls it: from gradients, k and epsilon to stresses."""

import keras
from keras import ops

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import without_trace

# Without turbulence k and epsilon are both zero; far below all that a solver resolves.
_LEAST_DISSIPATION = 1e-30


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class ScaledGradients(keras.layers.Layer):
    """Strain and rotation rate times `k / epsilon`.

    `S = (G + G^T) / 2` without its trace, which an incompressible flow has by its errors only, and
    `R = (G - G^T) / 2`, for `G_ij = dU_i / dx_j`. Finite where `k` or `epsilon` vanish or are below
    zero, as they may be while a solver is on its way.

    Shapes:
        inputs: `{"gradient": (batch, 3, 3), "k": (batch, 1), "epsilon": (batch, 1)}`.
        y: `(batch, 2, 3, 3)`.
    """

    def call(self, inputs):
        energy = ops.maximum(inputs["k"], 0.0)
        time = energy / (ops.maximum(inputs["epsilon"], 0.0) + _LEAST_DISSIPATION)
        gradient = time[..., None] * inputs["gradient"]
        transposed = ops.swapaxes(gradient, 1, 2)
        strain = without_trace(0.5 * (gradient + transposed))
        return ops.stack([strain, 0.5 * (gradient - transposed)], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape["gradient"][0], 2, 3, 3)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StressOfAnisotropy(keras.layers.Layer):
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


def reynolds_stress(network):
    """Builds the model that a flow solver calls at each of its points.

    Args:
        network: Functional model `x -> b`, such as a trained `tensor_basis_network`. Its other
            inputs, if `x` is a dict, become inputs of the model.

    Shapes:
        x: `{"gradient": (batch, 3, 3), "k": (batch, 1), "epsilon": (batch, 1)}`: `dU_i / dx_j` in
            1/s, energy in m^2/s^2, dissipation in m^2/s^3, or all in any other units that agree.
        y: `(batch, 3, 3)`, `<u_i u_j>` in the units of `k`; float32.
    """
    inputs = {
        "gradient": keras.Input((3, 3), name="gradient"),
        "k": keras.Input((1,), name="k"),
        "epsilon": keras.Input((1,), name="epsilon"),
    }
    # Half precision ends at 65504, and energies differ by decades.
    tensors = ScaledGradients(dtype="float32")(inputs)
    asked = tensors
    if isinstance(network.input, dict):
        others = {
            name: keras.Input(value.shape[1:], name=name)
            for name, value in network.input.items()
            if name != "tensors"
        }
        asked = {"tensors": tensors, **others}
        inputs = {**inputs, **others}
    anisotropy = {"anisotropy": network(asked), "k": inputs["k"]}
    stress = StressOfAnisotropy(dtype="float32")(anisotropy)
    return keras.Model(inputs, stress, name="reynolds_stress")
