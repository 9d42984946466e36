"""The loss of a coordinate network as a function of its unknown coefficients alone."""

import dataclasses

import numpy as np

from keras_solvers.pinn.laplace import coefficient_indices

# Relative to the largest curvature. Along flatter directions of the weights the residuals are not
# linear within a step: with 1e-12 it took four times as many steps to the same minimum.
_DAMPING = 1e-8
_DAMPING_FACTORS = 10.0 ** np.arange(0, 8, 2)  # tried until the loss falls
_MAX_STEPS = 20
_MAX_HALVINGS = 4  # of the distance to known coefficients, where steps do not converge at once
_MAX_RISE = 25.0  # of the loss, over the tolerance, beyond which a prediction is not judged


@dataclasses.dataclass(frozen=True)
class _Expansion:
    """The minimum over the weights at some coefficients, and the profile there to second order."""

    coefficients: np.ndarray
    weights: np.ndarray
    sensitivity: np.ndarray  # dw/dc
    loss: float
    gradient: np.ndarray
    curvature: np.ndarray

    def predict(self, coefficients):
        """`(P, dP/dc)` nearby."""
        change = coefficients - self.coefficients
        bent = self.curvature @ change
        return self.loss + change @ (self.gradient + 0.5 * bent), self.gradient + bent


class ProfileLoss:
    """`P(c) = min_w L(w, c)`: the smallest loss of the network for given coefficients `c`.

    Damped Gauss-Newton steps of the other weights `w`, from the nearest known minimum, moved along
    `dw/dc = -(J_w^T J_w)^-1 J_w^T J_c`. The last step is not taken: its linear model has the
    minimum, its curvature and, since the gradient in `w` vanishes there, `dP/dc = 2 J_c^T r`. Where
    the expansion about a known minimum has predicted those nearby, it is used instead (Conrad,
    Marzouk, Pillai and Smith, Accelerating asymptotically exact MCMC for computationally intensive
    models via local approximations, 2016).

    Args:
        model: A trained `PINN` with coefficients, in float64; its weights change.
        points: Points of its training.
        tolerance: Error of `P` that is accepted.
    """

    def __init__(self, model, points, tolerance):
        self._system, self._tolerance = model.least_squares(points), tolerance
        self._inner = coefficient_indices(model)
        self._outer = np.setdiff1d(np.arange(len(self._system.parameters)), self._inner)
        first = self._expansion(self._system.parameters, *self._normal_equations())[0]
        self._metric = first.curvature
        self._known, self._coefficients = [first], first.coefficients[None]
        self._error = 1.0 / _MAX_RISE  # largest error of a prediction, over the rise of the loss

    def __call__(self, coefficients):
        """`(P, dP/dc)` at `(num_coefficients,)`; `(inf, 0)` if the steps do not converge."""
        nearest, rise = self._nearest(coefficients)
        predicted = nearest.predict(coefficients)
        if self._error * rise < self._tolerance:
            return predicted
        found = self._find(coefficients, _MAX_HALVINGS)
        if found is None:
            return np.inf, np.zeros(len(coefficients))
        if rise < _MAX_RISE * self._tolerance:
            self._error = max(self._error, abs(found.loss - predicted[0]) / rise)
        return found.loss, found.gradient

    def _nearest(self, coefficients):
        """The known minimum from which the loss rises least, and by how much."""
        change = coefficients - self._coefficients
        rises = 0.5 * np.sum(change @ self._metric * change, axis=1)
        nearest = np.argmin(rises)
        return self._known[nearest], rises[nearest]

    def _find(self, coefficients, halvings):
        nearest, _ = self._nearest(coefficients)
        change = coefficients - nearest.coefficients
        found = self._descend(coefficients, nearest.weights + nearest.sensitivity @ change)
        if found is None and halvings and self._find(coefficients - 0.5 * change, halvings - 1):
            return self._find(coefficients, halvings - 1)
        return found

    def _descend(self, coefficients, weights):
        """The minimum at some coefficients, from an initial guess; `None` without convergence."""
        parameters = np.empty(len(self._inner) + len(self._outer))
        parameters[self._inner], parameters[self._outer] = coefficients, weights
        for _ in range(_MAX_STEPS):
            self._system.parameters = parameters
            linear = self._normal_equations()
            if not np.isfinite(linear[0]):
                return None
            expansion, decrease = self._expansion(parameters, *linear)
            if decrease < self._tolerance:
                self._known.append(expansion)
                self._coefficients = np.concatenate([self._coefficients, coefficients[None]])
                return expansion
            parameters = self._lowered(parameters, *linear)
            if parameters is None:
                return None
        return None

    def _normal_equations(self):
        loss, half_gradient, gram = self._system.normal_equations()
        return loss, half_gradient, gram + np.tril(gram, -1).T

    def _expansion(self, parameters, loss, half_gradient, gram):
        """The expansion about the minimum of the linear model, and the decrease of the loss."""
        inner, outer = self._inner, self._outer
        step, sensitivity = self._solve(half_gradient, gram, 1.0)
        decrease = -half_gradient[outer] @ step
        across = gram[np.ix_(inner, outer)]
        curvature = 2.0 * (gram[np.ix_(inner, inner)] + across @ sensitivity)
        minimum = parameters[inner], parameters[outer] + step, sensitivity, loss - decrease
        gradient = 2.0 * (half_gradient[inner] + across @ step)
        return _Expansion(*minimum, gradient, curvature), decrease

    def _solve(self, half_gradient, gram, damping_factor):
        """The damped step of `w`, and `dw/dc`."""
        from scipy.linalg import cho_factor, cho_solve

        outer = self._outer
        damped = gram[np.ix_(outer, outer)]
        damped[np.diag_indices_from(damped)] += damping_factor * _DAMPING * np.max(np.diag(gram))
        right = np.column_stack([half_gradient[outer], gram[np.ix_(outer, self._inner)]])
        solution = -cho_solve(cho_factor(damped, lower=True), right)
        return solution[:, 0], solution[:, 1:]

    def _lowered(self, parameters, loss, half_gradient, gram):
        """Parameters with a lower loss and the same coefficients, or `None`."""
        for factor in _DAMPING_FACTORS:
            trial = parameters.copy()
            trial[self._outer] += self._solve(half_gradient, gram, factor)[0]
            self._system.parameters = trial
            if self._system.loss() < loss:
                return trial
        return None
