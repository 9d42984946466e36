"""Stream functions that hold no slip on walls by construction."""

import keras
from keras import ops

from keras_solvers.applications.pde_benchmarks.wall_field import stream_field


@keras.saving.register_keras_serializable(package="keras_solvers.pde_benchmarks")
class WallStreamFunction(keras.layers.Layer):
    """A stream function whose velocity on walls is what walls have, whatever the network says.

    `psi = (sum_w q_w g_w + n / l^2) / (sum_w q_w + 1 / l^2)` with `q_w = 1 / d_w^2`, the distance
    `d_w` to a wall and the stream function `g_w` on it. Next to a wall it is `g_w + O(d_w^2)`: the
    derivatives along it and across are those of `g_w`.

    Args:
        walls: The `Wall`s, inlets among them. Where there is none, fluid may leave.
        thickness: `l`, the distance from walls at which the network is heard.

    Shapes:
        `[x, n]`, `(batch, 2)` and `(batch, 1)`, to `(batch, 1)`.

    Reference: Sukumar and Srivastava, Exact imposition of boundary conditions with distance
    functions in physics-informed deep neural networks, 2022, section 5.1.
    """

    def __init__(self, walls, thickness=0.1, **kwargs):
        super().__init__(**kwargs)
        self.walls = [
            keras.saving.deserialize_keras_object(wall) if isinstance(wall, dict) else wall
            for wall in walls
        ]
        self.thickness = thickness

    def build(self, input_shape):
        number = sum(wall.value is None for wall in self.walls)
        self.constants = self.add_weight((number,), "zeros", name="constants")

    def parts(self, x):
        """`(num_points, 2 + unknown)`: `psi` is linear in `n` and the unknown constants.

        The columns are what `n` is multiplied by, what is left without it, and what each constant
        is multiplied by.
        """
        nearness = [wall.nearness(x) for wall in self.walls]
        factor = 1.0 / (1.0 + self.thickness**2 * sum(nearness))
        share = [self.thickness**2 * q * factor for q in nearness]
        known = sum(s * wall.values(x) for s, wall in zip(share, self.walls, strict=True))
        unknown = [s for s, wall in zip(share, self.walls, strict=True) if wall.value is None]
        return ops.stack([factor, known, *unknown], axis=1)

    def call(self, inputs):
        x, n = inputs
        # Squares of small distances are nothing in half precision.
        parts = ops.cast(self.parts(ops.cast(x, self.variable_dtype)), n.dtype)
        psi = parts[:, :1] * n + parts[:, 1:2]
        return psi + ops.matmul(parts[:, 2:], self.constants[:, None])

    def field_rule(self, x, heard):
        """The layer of the coordinates and of what is heard of the network, with derivatives."""
        return stream_field(self, x, heard)

    def compute_output_shape(self, input_shape):
        return input_shape[1]

    def get_config(self):
        walls = [keras.saving.serialize_keras_object(wall) for wall in self.walls]
        return {**super().get_config(), "walls": walls, "thickness": self.thickness}
