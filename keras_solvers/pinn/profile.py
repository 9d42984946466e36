"""The loss of a coordinate network as a function of its unknown coefficients alone."""

import dataclasses

import numpy as np

from keras_solvers.pinn.laplace import coefficient_places
from keras_solvers.pinn.optimizers.second_order import LeastSquares

# Share of the largest curvature. Flatter directions of the weights bend within a step: with 1e-12
# it took four times as many steps to the same minimum.
_DAMPING = 1e-8
_GROWTHS = 10.0 ** np.arange(0, 8, 2)  # of the damping, until the loss falls
_STEPS = 20
_HALVINGS = 4  # of the way, where it cannot be walked at once
_FARTHEST = 25.0  # rise of the loss, over the tolerance, beyond which nothing is foretold


@dataclasses.dataclass(frozen=True)
class _Form:
    """The best weights at some coefficients, and the profile around them to second order."""

    inner: np.ndarray
    outer: np.ndarray
    follow: np.ndarray
    loss: float
    slope: np.ndarray
    curvature: np.ndarray

    def foretold(self, coefficients):
        """`(P, dP/dc)` nearby."""
        way = coefficients - self.inner
        bent = self.curvature @ way
        return self.loss + way @ (self.slope + 0.5 * bent), self.slope + bent


class ProfileLoss:
    """`P(c) = min_w L(w, c)`: the network takes its best form for given coefficients `c`.

    Damped Gauss-Newton steps of the other weights `w`, from the nearest form that is known, moved
    along `dw/dc = -(J_w^T J_w)^-1 J_w^T J_c`. The last step is not walked: its linear model has
    the minimum, its curvature and, since the slope in `w` vanishes there, the gradient
    `dP/dc = 2 J_c^T r`. Where that foretold what was found nearby, it is not asked again (Conrad,
    Marzouk, Pillai and Smith, Accelerating asymptotically exact MCMC for computationally intensive
    models via local approximations, 2016).

    Args:
        model: A trained `PINN` with coefficients, in float64; its weights change.
        points: Points of its training.
        tolerance: Error of `P` that does not count.
    """

    def __init__(self, model, points, tolerance):
        self._system, self._tolerance = LeastSquares(model, points), tolerance
        self._inner = coefficient_places(model)
        self._outer = np.setdiff1d(np.arange(len(self._system.weights)), self._inner)
        first = self._form(self._system.weights, *self._linearized())[0]
        self._metric = first.curvature
        self._forms, self._places = [first], first.inner[None]
        self._bend = 1.0 / _FARTHEST  # largest error of what was foretold, over the rise to there

    def __call__(self, coefficients):
        """`(P, dP/dc)` at `(num_coefficients,)`; `(inf, 0)` if the network does not get there."""
        near, rise = self._nearest(coefficients)
        foretold = near.foretold(coefficients)
        if self._bend * rise < self._tolerance:
            return foretold
        found = self._found(coefficients, _HALVINGS)
        if found is None:
            return np.inf, np.zeros(len(coefficients))
        if rise < _FARTHEST * self._tolerance:
            self._bend = max(self._bend, abs(found.loss - foretold[0]) / rise)
        return found.loss, found.slope

    def _nearest(self, coefficients):
        """The known form from which the loss rises least, and by how much."""
        way = coefficients - self._places
        rises = 0.5 * np.sum(way @ self._metric * way, axis=1)
        nearest = np.argmin(rises)
        return self._forms[nearest], rises[nearest]

    def _found(self, coefficients, halvings):
        near, _ = self._nearest(coefficients)
        way = coefficients - near.inner
        found = self._descended(coefficients, near.outer + near.follow @ way)
        if found is None and halvings and self._found(coefficients - 0.5 * way, halvings - 1):
            return self._found(coefficients, halvings - 1)
        return found

    def _descended(self, coefficients, outer):
        """The form at some coefficients, from a first guess; `None` if that leads nowhere."""
        weights = np.empty(len(self._inner) + len(self._outer))
        weights[self._inner], weights[self._outer] = coefficients, outer
        for _ in range(_STEPS):
            self._system.weights = weights
            linear = self._linearized()
            if not np.isfinite(linear[0]):
                return None
            form, decrease = self._form(weights, *linear)
            if decrease < self._tolerance:
                self._forms.append(form)
                self._places = np.concatenate([self._places, coefficients[None]])
                return form
            weights = self._lowered(weights, *linear)
            if weights is None:
                return None
        return None

    def _linearized(self):
        loss, slope, gram = self._system.linearize()
        return loss, slope, gram + np.tril(gram, -1).T

    def _form(self, weights, loss, slope, gram):
        """What a step from here leads to, and by how much it lowers the loss."""
        inner, outer = self._inner, self._outer
        step, follow = self._solved(slope, gram, 1.0)
        decrease = -slope[outer] @ step
        across = gram[np.ix_(inner, outer)]
        curvature = 2.0 * (gram[np.ix_(inner, inner)] + across @ follow)
        found = weights[inner], weights[outer] + step, follow, loss - decrease
        return _Form(*found, 2.0 * (slope[inner] + across @ step), curvature), decrease

    def _solved(self, slope, gram, growth):
        """The damped step of `w`, and `dw/dc`."""
        from scipy.linalg import cho_factor, cho_solve

        outer = self._outer
        damped = gram[np.ix_(outer, outer)]
        damped[np.diag_indices_from(damped)] += growth * _DAMPING * np.max(np.diag(gram))
        right = np.column_stack([slope[outer], gram[np.ix_(outer, self._inner)]])
        solved = -cho_solve(cho_factor(damped, lower=True), right)
        return solved[:, 0], solved[:, 1:]

    def _lowered(self, weights, loss, slope, gram):
        """Weights with a lower loss, or `None`."""
        for growth in _GROWTHS:
            trial = weights.copy()
            trial[self._outer] += self._solved(slope, gram, growth)[0]
            self._system.weights = trial
            if self._system.loss() < loss:
                return trial
        return None
