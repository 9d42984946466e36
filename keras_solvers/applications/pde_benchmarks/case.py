"""What a case of `run pinn` is: an equation, its training, its reference and its rival."""

import abc
import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from keras import ops

_BATCH = 2000


@dataclasses.dataclass(frozen=True)
class PointTraining:
    """Levenberg-Marquardt steps on the residuals at points.

    Attributes:
        seconds: CPU-seconds, those of the case that it starts from apart.
        num_points: Points inside.
        num_boundary: Points of each condition.
        adaptive: Steps after which points follow the residual anew; 0: never.
        follow_conditions: Whether the points of conditions do so too.
        start: The case whose trained network this one starts from, such as a slower flow.
    """

    seconds: float
    num_points: int
    num_boundary: int = 0
    adaptive: int = 0
    follow_conditions: bool = False
    start: str | None = None

    method = "Levenberg-Marquardt"


@dataclasses.dataclass(frozen=True)
class OwnTraining:
    """A training that is not made of residuals at points.

    Attributes:
        seconds: CPU-seconds in which it is to be done.
        fit: Function of the network and of a callback, which it calls after each step with the
            step's number and loss, and which ends the training by returning `True`. Returns the
            points used and whether it came to its end.
        method: What takes the steps.
    """

    seconds: float
    fit: Callable
    method: str

    start = None


@dataclasses.dataclass(frozen=True)
class Rival:
    """The classic solver of a case.

    Attributes:
        name: What it is.
        solve: Solves the case: returns a function from points to fields, or the coefficients.
    """

    name: str
    solve: Callable


@dataclasses.dataclass(frozen=True)
class Case(abc.ABC):
    """An equation that a network solves beside a classic solver.

    Attributes:
        title: What is solved.
        problem: Builds the `PDE`.
        network: Builds the network, from its dtype.
        training: `PointTraining` or `OwnTraining`.
        reference: Returns points `(num_points, dimensions)` and fields `(num_points, num_fields)`.
        rival: The `Rival`.
        target: Relative error that is to be reached.
    """

    title: str
    problem: Callable
    network: Callable
    training: PointTraining | OwnTraining
    reference: Callable
    rival: Rival
    target: float

    @abc.abstractmethod
    def error(self, model) -> float:
        """Relative error of a trained `PINN`."""

    @abc.abstractmethod
    def rival_error(self, answer) -> float:
        """The same of what the rival's `solve` returned."""


@dataclasses.dataclass(frozen=True)
class ForwardCase(Case):
    """The fields are asked for: the error is that of all of them in L2."""

    def error(self, model):
        points, expected = self.reference()
        return relative_error(answers(model, points), expected)

    def rival_error(self, answer):
        points, expected = self.reference()
        return relative_error(answer(points)[:, : expected.shape[1]], expected)


@dataclasses.dataclass(frozen=True)
class InverseCase(Case):
    """Coefficients are asked for: the error is that of the worst one.

    Attributes:
        known: What they must become, `{name: number}`.
    """

    known: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def error(self, model):
        return self.rival_error(
            {n: float(ops.convert_to_numpy(w)) for n, w in model.coefficients.items()}
        )

    def rival_error(self, answer):
        return max(abs(answer[name] / value - 1.0) for name, value in self.known.items())


def answers(model, points):
    """Fields of a `PINN` at any number of points."""
    parts = np.array_split(points, 1 + len(points) // _BATCH)
    return np.concatenate([ops.convert_to_numpy(model(part)) for part in parts])


def relative_error(found, expected):
    """Relative L2 error of all fields together."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))
