"""What a case of `run pinn` is."""

import dataclasses
from collections.abc import Callable

from keras_solvers.pde import PDE


@dataclasses.dataclass(frozen=True)
class PinnCase:
    """An equation, how it is trained, and what the answer is compared with.

    Attributes:
        title: What is solved.
        problem: The `PDE`.
        network: Builds the network, from its dtype.
        num_points: Points inside.
        reference: Returns points `(num_points, dimensions)` and fields `(num_points, num_fields)`.
        classic: Solves the case: returns a function from points to fields.
        classic_name: Name of that solver.
        target: Relative error that is to be reached.
        seconds: CPU-seconds in which it is to be reached.
        adaptive: Whether points follow the residual.
        num_boundary: Points of each condition.
    """

    title: str
    problem: PDE
    network: Callable
    num_points: int
    reference: Callable
    classic: Callable
    classic_name: str
    target: float
    seconds: float
    adaptive: bool = False
    num_boundary: int = 0
