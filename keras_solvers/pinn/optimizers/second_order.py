"""What second-order training sees of a coordinate network: all residuals at once."""

import abc
import copy
import functools

import numpy as np
from keras import ops

from keras_solvers.pinn.optimizers.linear_models import KernelEquations, NormalEquations

_ROWS = 2**25  # entries of the Jacobian that are held at once


class SecondOrder(abc.ABC):
    """An optimizer that sees all residuals at once, not only the gradient of their mean square.

    Attributes:
        built: Whether `variables` exist; `build` makes them.
        variables: What it remembers from step to step, Keras variables: saved by checkpoints.
    """

    built = True
    variables: tuple

    @abc.abstractmethod
    def step(self, system):
        """Improves the weights of a `LeastSquares` once.

        Returns:
            The loss, and a sentence that says why no further step is possible, or `None`.
        """


class LeastSquares:
    """The loss of a `PINN` at fixed points, `sum r^2`, as a function of its flat weights.

    Args:
        model: The `PINN`.
        points: `{equation: rows}`.
        weighted: Whether equations have the weights of the model, or all of them one.

    Attributes:
        variables: The weights, Keras variables.
    """

    def __init__(self, model, points, weighted=True):
        self.variables = model.trainable_variables
        self._weights = {n: model.equation_weights[n] if weighted else 1.0 for n in points}
        self._shapes = [tuple(v.shape) for v in self.variables]
        self._points = points
        self._values, self._linear, self._products = model.compiled_equations()
        self._loss_and_gradient = model.compiled_loss()

    @property
    def weights(self):
        """All weights, flat, as float64."""
        flat = [ops.convert_to_numpy(v).ravel() for v in self.variables]
        return np.concatenate(flat).astype("float64")

    @weights.setter
    def weights(self, flat):
        for variable, shape, part in zip(
            self.variables, self._shapes, np.split(flat, self._ends()), strict=True
        ):
            variable.assign(part.reshape(shape))

    def loss(self):
        """Sum of the squares of the weighted residuals."""
        return sum(
            self._scale(name) ** 2 * np.sum(np.square(self._computed(self._values[name], rows)))
            for name, rows in self._points.items()
        )

    def loss_and_gradient(self):
        """The loss and its gradient `2 J^T r`, by one reverse pass."""
        points = {name: ops.convert_to_tensor(rows) for name, rows in self._points.items()}
        weights = {name: ops.convert_to_tensor(w) for name, w in self._weights.items()}
        loss, gradient = self._loss_and_gradient((points, weights))
        return float(loss), np.concatenate([_double(g).ravel() for g in gradient])

    def linearize(self):
        """`(loss, J^T r, J^T J)` of the weighted residuals `r` and their Jacobian `J`.

        Of `J^T J` the lower triangle is set.
        """
        from scipy.linalg import blas

        size = len(self.weights)
        loss, slope = 0.0, np.zeros(size)
        gram = np.zeros((size, size), order="F")
        for r, jacobian in self._pieces(size):
            loss += r @ r
            slope += r @ jacobian
            blas.dsyrk(1.0, jacobian.T, 1.0, gram, lower=True, overwrite_c=True)
        return loss, slope, gram

    def linear_model(self):
        """`|r + J d|^2` with its damped minimum, in the cheaper of two forms."""
        size = len(self.weights)
        if self._num_residuals >= size:
            return NormalEquations(*self.linearize())
        return KernelEquations(*self.jacobian())

    def jacobian(self):
        """All weighted residuals `r` and their Jacobian `J`, held in memory at once."""
        residuals, jacobian = zip(*self._pieces(len(self.weights)), strict=True)
        return np.concatenate(residuals), np.concatenate(jacobian)

    def thinned(self, most):
        """The same with at most so many points of each equation, evenly chosen."""
        thin = copy.copy(self)
        thin._points = {n: rows[:: -(-len(rows) // most)] for n, rows in self._points.items()}
        return thin

    def product(self, vector):
        """`J^T J v` of the weighted residuals, without `J`."""
        parts = [
            ops.convert_to_tensor(part.reshape(shape), variable.dtype)
            for part, shape, variable in zip(
                np.split(vector, self._ends()), self._shapes, self.variables, strict=True
            )
        ]
        total = 0.0
        for name, rows in self._points.items():
            found = self._products[name](ops.convert_to_tensor(rows), parts)
            flat = np.concatenate([_double(part).ravel() for part in found])
            total = total + self._scale(name) ** 2 * flat
        return total

    @functools.cached_property
    def _num_residuals(self):
        return sum(self._computed(self._values[n], rows).size for n, rows in self._points.items())

    def _ends(self):
        return np.cumsum([int(np.prod(shape)) for shape in self._shapes])[:-1]

    def sensitivity(self):
        """`tr(J^T J)` of the weighted residuals."""
        size = len(self.weights)
        return sum(float(np.sum(np.square(jacobian))) for _, jacobian in self._pieces(size))

    def _pieces(self, size):
        """Weighted residuals and their Jacobian, as many rows at once as fit in memory."""
        for name, rows in self._points.items():
            for piece in np.array_split(rows, -(-len(rows) * size // _ROWS)):
                values, jacobian = self._linear[name](ops.convert_to_tensor(piece))
                scale = self._scale(name)
                r = scale * _double(values).ravel()
                yield r, scale * _double(jacobian).reshape(len(r), size)

    def _scale(self, name):
        # Asked for each time: callbacks change the weights of equations.
        return np.sqrt(float(self._weights[name]) / len(self._points[name]))

    def _computed(self, function, rows):
        return _double(function(ops.convert_to_tensor(rows)))


def _double(tensor):
    return ops.convert_to_numpy(tensor).astype("float64", copy=False)
