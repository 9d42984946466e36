"""Solutions of the solvers of developed flows, which can also be their initial flows."""

import dataclasses
import numbers

import numpy as np


@dataclasses.dataclass(frozen=True)
class ChannelFlow:
    """A developed channel flow at the nodes from the wall to the centreline.

    Lengths are in half heights `h`, velocities in friction velocities `u_tau`.

    Attributes:
        y: `(num_nodes,)`, wall distance.
        velocity: `(num_nodes,)`, mean velocity `U`.
        energy: `(num_nodes,)`, turbulent kinetic energy `k`.
        time_scale: `(num_nodes,)`, `1 / omega`.
        residuals: Residual norms at the start and after each step; the last is below the tolerance
            of the solver.
    """

    y: np.ndarray
    velocity: np.ndarray
    energy: np.ndarray
    time_scale: np.ndarray
    residuals: list[float]

    @property
    def num_cells(self) -> int:
        return len(self.y) - 1

    def fields(self) -> np.ndarray:
        """The unknowns of the solver, `U`, `sqrt(k)` and `sqrt(1 / omega)`: `(3, num_nodes)`."""
        return np.stack([self.velocity, np.sqrt(self.energy), np.sqrt(self.time_scale)])


@dataclasses.dataclass(frozen=True)
class DuctFlow:
    """A developed flow at the nodes of a quarter of a square duct.

    Lengths are in half widths. Velocities are in units of the friction velocity of the mean wall
    shear stress.

    Attributes:
        nodes: `(num_nodes, 2)`, distances `y` and `z` to the walls.
        velocity: `(3, num_nodes)`, mean velocity along the duct, along `y` and along `z`.
        energy: `(num_nodes,)`, turbulent kinetic energy `k`.
        time_scale: `(num_nodes,)`, `1 / omega`.
        bulk: Bulk velocity along the duct.
        stream_function: `((num_cells - 1)**2,)`, spline coefficients of the stream function of the
            secondary flow.
        residuals: Residual norms at the start and after each step; the last is below the tolerance
            of the solver.
    """

    nodes: np.ndarray
    velocity: np.ndarray
    energy: np.ndarray
    time_scale: np.ndarray
    bulk: float
    stream_function: np.ndarray
    residuals: list[float]

    @property
    def num_cells(self) -> int:
        return round(len(self.nodes) ** 0.5) - 1

    def fields(self) -> tuple[np.ndarray, ...]:
        """The unknowns of the solver: `U`, `psi`, `sqrt(k)` and `sqrt(1 / omega)`."""
        roots = np.sqrt(self.energy), np.sqrt(self.time_scale)
        return self.velocity[0], self.stream_function, *roots

    @property
    def secondary(self) -> np.ndarray:
        """Secondary speed over the bulk velocity, `(num_nodes,)`."""
        return np.hypot(*self.velocity[1:]) / self.bulk


def check_size(friction_reynolds: float, num_cells: int, min_cells: int) -> None:
    """Raises a `ValueError` where the flow would be laminar or not resolved."""
    turbulent = 30.0 <= friction_reynolds < np.inf
    if not turbulent or not isinstance(num_cells, numbers.Integral) or num_cells < min_cells:
        raise ValueError(
            "`friction_reynolds` must be finite and at least 30, or the flow is not turbulent, and "
            f"`num_cells` an integer of at least {min_cells}. "
            f"Received: friction_reynolds={friction_reynolds}, num_cells={num_cells}"
        )


def check_flow(flow: ChannelFlow | DuctFlow, kind: type, num_cells: int) -> None:
    """Raises a `ValueError` if a flow is of another type or has another number of cells."""
    if not isinstance(flow, kind) or flow.num_cells != num_cells:
        cells = f" on {flow.num_cells} cells" if isinstance(flow, kind) else ""
        raise ValueError(
            f"A `{kind.__name__}` is expected on {num_cells} cells, from wall to symmetry. "
            f"Received: {type(flow).__name__}{cells}"
        )
