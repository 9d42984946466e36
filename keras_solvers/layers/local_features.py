"""Random features in overlapping windows."""

import functools
import itertools

import keras
import numpy as np
from keras import ops

# S(t) + S(1 - t) = 1, three derivatives vanish at both ends. Lowest power first.
WINDOW = (0.0, 0.0, 0.0, 0.0, 35.0, -84.0, 70.0, -20.0)


@keras.saving.register_keras_serializable(package="keras_solvers")
class LocalRandomFeatures(keras.layers.Layer):
    """A linear combination of random features, each of which lives in a window.

    `y_u(x) = sum_i w((x - c_i) / s_i) sum_k a_iku tanh(v_ik . (x - c_i) / s_i + b_ik)`,
    `w(r) = prod_d S(1 - |r_d|)`, `S(t) = t^4 (35 - 84 t + 70 t^2 - 20 t^3)` in [0, 1]. Windows of
    size `s` on a lattice of side `s` sum to one. `v` and `b` are drawn once; only `a` is trained,
    so that the best answer to a linear equation is that of a linear system.

    Args:
        centers: `(windows, inputs)`, centres `c` of the windows.
        sizes: Half widths `s` of the windows.
        num_features: Features of each window.
        units: Number of outputs.
        scale: `v` and `b` are uniform between `-scale` and `scale`.
        seed: Seed of `v` and `b`; drawn if `None`.

    Shapes:
        `(batch, inputs)` to `(batch, units)`; windows far from a point are not computed.

    Reference: Chen, Chi, E and Yang, Bridging traditional and machine learning-based algorithms for
    solving PDEs: the random feature method, 2022, section 2.
    """

    def __init__(self, centers, sizes, num_features=50, units=1, scale=1.5, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.centers = np.asarray(centers, dtype=float).tolist()
        self.sizes = np.asarray(sizes, dtype=float).tolist()
        if np.shape(self.centers)[:1] != np.shape(self.sizes) or not np.all(np.array(sizes) > 0.0):
            raise ValueError(
                "Each window has a centre and a positive size. Received: "
                f"{np.shape(self.centers)} for `centers`, sizes={sizes}"
            )
        self.num_features, self.units, self.scale, self.seed = num_features, units, scale, seed

    def build(self, input_shape):
        windows, inputs = np.shape(self.centers)
        if input_shape[-1] != inputs:
            raise ValueError(
                f"Windows have centres of {inputs} coordinates. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        self._most = _most_at_a_point(np.array(self.centers), np.array(self.sizes))
        # One stream for both: the same integer seed twice would draw the same numbers twice.
        draws = keras.random.SeedGenerator(self.seed)
        uniform = keras.initializers.RandomUniform(-self.scale, self.scale, draws)
        shape = (windows, self.num_features, inputs)
        self.slopes = self.add_weight(shape, uniform, trainable=False, name="slopes")
        self.shifts = self.add_weight(shape[:2], uniform, trainable=False, name="shifts")
        shape = (windows, self.num_features, self.units)
        self.kernel = self.add_weight(shape, "zeros", name="kernel")

    def call(self, x):
        centers, sizes = (ops.convert_to_tensor(v, x.dtype) for v in (self.centers, self.sizes))
        distance = ops.max(ops.abs(ops.expand_dims(x, 1) - centers), axis=-1) / sizes
        # Only windows around a point are worth computing; the others are zero there.
        _, near = ops.top_k(-distance, self._most)
        local = ops.expand_dims(x, 1) - ops.take(centers, near, axis=0)
        local = local / ops.expand_dims(ops.take(sizes, near), -1)
        t = ops.clip(1.0 - ops.abs(local), 0.0, 1.0)
        parts = ops.square(ops.square(t)) * (35.0 + t * (-84.0 + t * (70.0 - 20.0 * t)))
        window = functools.reduce(ops.multiply, ops.unstack(parts, axis=-1))
        phase = ops.einsum("nid,nikd->nik", local, ops.take(self.slopes, near, axis=0))
        features = ops.tanh(phase + ops.take(self.shifts, near, axis=0))
        kernel = ops.take(self.kernel, near, axis=0)
        return ops.einsum("ni,nik,niku->nu", window, features, kernel)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        names = ("centers", "sizes", "num_features", "units", "scale", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _most_at_a_point(centers, sizes):
    """How many windows a point can be inside of."""
    low, high = (centers + sign * sizes[:, None] for sign in (-1.0, 1.0))
    # The count rises only where windows begin, and is greatest just behind one in each coordinate.
    begins = [np.unique(column) for column in low.T]
    return max(
        int(np.sum(np.all((low <= corner) & (corner < high), axis=1)))
        for corner in itertools.product(*begins)
    )
