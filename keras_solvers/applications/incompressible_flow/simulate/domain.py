"""Where a flow is simulated: the grid, its walls, and the state that a step turns into the next."""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.incompressible_flow.pressure_projection import PressureProjection
from keras_solvers.numerics.staggered import CLOSED, divergence, face_weights, take


@dataclasses.dataclass(frozen=True)
class Domain:
    """A box of cells, its walls, and the time step of everything that happens in it.

    The state of a flow is a dictionary of arrays; a step is any callable from a state to a state:

    - `"velocity"`: tuple by axis, `(batch, *cells)` with one entry more along the axis;
    - `"smoke"`: `(batch, *cells)`, carried along;
    - `"fluid"`: `(batch, *cells)`, 1 in fluid, 0 in solids;
    - `"solid_velocity"`: like the velocity: that of walls and solids on their faces;
    - `"pressure"`: `(batch, *cells)`, of the last projection, in units of velocity times length;
    - `"time"`: `(batch,)`.

    Args:
        problem: The `PressureProjection`: cells and sides.
        time_step: Time between two states.
        cell_size: Length of a cell.
        wall_velocity: Velocity of the sides, `((low, high), ...)` for each axis, each a vector:
            fluid sticks to closed sides and moves in through them. With `None` they are at rest
            and without friction.

    Raises:
        ValueError: If the time step or the length is not positive, or a wall velocity is missing.
    """

    problem: PressureProjection
    time_step: float
    cell_size: float = 1.0
    wall_velocity: tuple | None = None

    def __post_init__(self):
        if not (self.time_step > 0.0 and self.cell_size > 0.0):
            raise ValueError(
                "`time_step` and `cell_size` must be positive. Received: "
                f"time_step={self.time_step}, cell_size={self.cell_size}"
            )
        expected = (self.num_axes, 2, self.num_axes)
        if self.wall_velocity is not None and np.shape(self.wall_velocity) != expected:
            raise ValueError(
                "`wall_velocity` must hold a vector for both sides of each axis, an array of the "
                f"shape {expected}. Received: shape {np.shape(self.wall_velocity)}"
            )

    @property
    def num_axes(self):
        return len(self.problem.cells)

    def positions(self, axis=None):
        """Coordinates of all faces of an axis, or of all cells, in cells from the low corner.

        Returns:
            List by axis of arrays `(1, *cells)`, with one entry more along `axis`.
        """
        along = [
            np.arange(n + 1.0) if i == axis else np.arange(n) + 0.5
            for i, n in enumerate(self.problem.cells)
        ]
        return [c[None].astype("float32") for c in np.meshgrid(*along, indexing="ij")]

    def at_rest(self, fluid=None):
        """The state without motion and smoke.

        Args:
            fluid: `(batch, *cells)`, 1 in fluid, 0 in solids at rest; one flow without solids
                if `None`.
        """
        fluid = np.ones((1, *self.problem.cells)) if fluid is None else np.asarray(fluid)
        fluid = fluid.astype("float32")
        faces = tuple(
            np.zeros((len(fluid), *self.positions(axis)[axis].shape[1:]), "float32")
            for axis in range(self.num_axes)
        )
        solid = tuple(np.copy(component) for component in faces)
        if self.wall_velocity is not None:
            for axis, ends in enumerate(np.asarray(self.wall_velocity)):
                for end, index in enumerate((slice(0, 1), slice(-1, None))):
                    if self.problem.sides[axis][end] == CLOSED:
                        take(solid[axis], axis, index.start, index.stop)[...] = ends[end][axis]
        return {
            "velocity": faces,
            "smoke": np.zeros_like(fluid),
            "fluid": fluid,
            "solid_velocity": solid,
            "pressure": np.zeros_like(fluid),
            "time": np.zeros(len(fluid), "float32"),
        }

    def with_solid_faces(self, velocity, state):
        """The velocity with that of walls and solids on their faces."""
        weights = face_weights(state["fluid"], self.problem.sides)
        return tuple(
            ops.where(weight > 0.0, u, solid)
            for u, weight, solid in zip(velocity, weights, state["solid_velocity"], strict=True)
        )

    def outflow(self, state):
        """Divergence in the fluid, `(batch, *cells)`, in units of velocity per length."""
        return state["fluid"] * divergence(state["velocity"]) / self.cell_size
