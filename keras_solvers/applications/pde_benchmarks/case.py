"""What a case of `run pinn` is."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from keras import ops

_BATCH = 2000


@dataclasses.dataclass(frozen=True)
class PinnCase:
    """An equation, how it is trained, and what the answer is compared with.

    Attributes:
        title: What is solved.
        problem: Builds the `PDE`.
        network: Builds the network, from its dtype.
        num_points: Points inside.
        reference: Returns points `(num_points, dimensions)` and fields `(num_points, num_fields)`.
        classic: Solves the case: returns a function from points to fields, or the coefficients.
        classic_name: Name of that solver.
        target: Relative error that is to be reached.
        seconds: CPU-seconds in which it is to be reached, those of its start apart.
        adaptive: Steps after which points follow the residual anew; 0: never.
        num_boundary: Points of each condition.
        follow_conditions: Whether these follow what is left of the conditions too.
        start: The case whose trained network this one starts from, such as a slower flow.
        fit: Trains the network in another way than by residuals at points: a function of it and of
            what is called after each step, with its number and a loss, and ends the training by
            returning `True`. Returns its points and whether it came to its end.
        method: What takes the steps of the training.
        known: What unknown coefficients must become, `{name: number}`: the error is then that of
            the worst of them.
    """

    title: str
    problem: Callable
    network: Callable
    num_points: int
    reference: Callable
    classic: Callable
    classic_name: str
    target: float
    seconds: float
    adaptive: int = 0
    num_boundary: int = 0
    follow_conditions: bool = False
    start: str | None = None
    fit: Callable | None = None
    method: str = "Levenberg-Marquardt"
    known: Mapping = dataclasses.field(default_factory=dict)

    def error(self, model):
        """Relative error of a `PINN`: of all fields in L2, or of the worst coefficient."""
        if self.known:
            found = {n: float(ops.convert_to_numpy(w)) for n, w in model.coefficients.items()}
            return self._worst_coefficient(found)
        points, expected = self.reference()
        return relative_error(answers(model, points), expected)

    def classic_error(self):
        """The same of what the classic solver returns."""
        answer = self.classic()
        if self.known:
            return self._worst_coefficient(answer)
        points, expected = self.reference()
        return relative_error(answer(points)[:, : expected.shape[1]], expected)

    def _worst_coefficient(self, found):
        return max(abs(found[name] / value - 1.0) for name, value in self.known.items())


def answers(model, points):
    """Fields of a `PINN` at any number of points."""
    parts = np.array_split(points, 1 + len(points) // _BATCH)
    return np.concatenate([ops.convert_to_numpy(model(part)) for part in parts])


def relative_error(found, expected):
    """Relative L2 error of all fields together."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))
