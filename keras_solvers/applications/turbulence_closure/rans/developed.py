"""Developed turbulent flows, as their solvers return them and may start from them."""

import dataclasses
import numbers

import numpy as np


@dataclasses.dataclass(frozen=True)
class ChannelFlow:
    """A developed flow: all at the nodes, from the wall to the middle.

    Lengths are in half heights `h`, velocities in friction velocities `u_tau`.

    Attributes:
        y: `(num_nodes,)`, distance to the wall.
        velocity: Mean velocity `U`.
        energy: Turbulent energy `k`.
        time: Time scale `1 / omega`.
        residuals: At the start and after each step; the last is below the solver's tolerance.
    """

    y: np.ndarray
    velocity: np.ndarray
    energy: np.ndarray
    time: np.ndarray
    residuals: list

    @property
    def num_cells(self):
        return len(self.y) - 1

    def fields(self):
        """`(3, num_nodes)`: what the solver solves for, `U`, `sqrt(k)` and `sqrt(1 / omega)`."""
        return np.stack([self.velocity, np.sqrt(self.energy), np.sqrt(self.time)])


@dataclasses.dataclass(frozen=True)
class DuctFlow:
    """A developed flow in a quarter of a duct, all at its nodes.

    Lengths are in half widths, velocities in the friction velocity of the mean wall stress.

    Attributes:
        nodes: `(num_nodes, 2)`, distances `y` and `z` to the walls.
        velocity: `(3, num_nodes)`, along the duct, along `y` and along `z`.
        energy: Turbulent energy `k`.
        time: Time scale `1 / omega`.
        bulk: Mean velocity along the duct.
        stream: `((num_cells - 1)**2,)`, coefficients of the stream function of the motion across.
        residuals: At the start and after each step; the last is below the solver's tolerance.
    """

    nodes: np.ndarray
    velocity: np.ndarray
    energy: np.ndarray
    time: np.ndarray
    bulk: float
    stream: np.ndarray
    residuals: list

    @property
    def num_cells(self):
        return round(len(self.nodes) ** 0.5) - 1

    def fields(self):
        """What the solver solves for: `U, psi, sqrt(k), sqrt(1 / omega)`."""
        return self.velocity[0], self.stream, np.sqrt(self.energy), np.sqrt(self.time)

    @property
    def secondary(self):
        """`(num_nodes,)`, speed across the duct over the bulk velocity."""
        return np.hypot(*self.velocity[1:]) / self.bulk


def check_size(friction_reynolds, num_cells, fewest):
    """Raises a `ValueError` where no turbulence, or no flow at all, would be found."""
    known = 30.0 <= friction_reynolds < np.inf
    if not known or not isinstance(num_cells, numbers.Integral) or num_cells < fewest:
        raise ValueError(
            "`friction_reynolds` must be finite and 30 or more, or there is no turbulence, and "
            f"`num_cells` a whole number from {fewest} on. "
            f"Received: friction_reynolds={friction_reynolds}, num_cells={num_cells}"
        )


def check_flow(flow, kind, num_cells):
    """Raises a `ValueError` if a flow is of another kind, or on other cells."""
    if not isinstance(flow, kind) or flow.num_cells != num_cells:
        cells = f" on {flow.num_cells} cells" if isinstance(flow, kind) else ""
        raise ValueError(
            f"A `{kind.__name__}` is expected on {num_cells} cells, from wall to symmetry. "
            f"Received: {type(flow).__name__}{cells}"
        )
