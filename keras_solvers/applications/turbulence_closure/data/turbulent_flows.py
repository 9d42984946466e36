"""Flows that were computed with a turbulence model and with resolved turbulence."""

import dataclasses
from typing import Self

import numpy as np

from keras_solvers.applications.turbulence_closure.data.hills import hill_wall_distance
from keras_solvers.data.locate import require

RANS_LES_FLOWS = (
    "square_duct",
    "converging_diverging_channel",
    "periodic_hills",
    "square_cylinder",
)
# Below this ratio of resolved to modelled energy the resolved flow is laminar.
_MIN_ENERGY_RATIO = 0.1


@dataclasses.dataclass(frozen=True)
class TurbulentFlow:
    """Inputs and target anisotropies of a closure at the points of a mean flow.

    Attributes:
        name: Name of the flow.
        tensors: `(n, 2, 3, 3)`, strain rate `S` and rotation rate `R` of the modelled flow times
            the modelled `k / epsilon`, with `R_ij = (dU_i/dx_j - dU_j/dx_i) / 2`.
        anisotropy: `(n, 3, 3)`, `<u_i u_j> / 2k - delta_ij / 3` of the resolved turbulence.
        wall_reynolds: `(n,)`, wall-distance Reynolds number `sqrt(k) d / nu` with the modelled `k`
            and the distance `d` to the nearest wall; NaN where the distance is unknown.
        resolved_energy: `(n,)`, `k` of the resolved turbulence.
        coordinates: `(n, 2)`, or `None` if they are unknown.
        weight: Weight of the whole flow in a training.
    """

    name: str
    tensors: np.ndarray
    anisotropy: np.ndarray
    wall_reynolds: np.ndarray
    resolved_energy: np.ndarray
    coordinates: np.ndarray | None = None
    weight: float = 1.0

    def __len__(self) -> int:
        return len(self.tensors)

    def take(self, indices: np.ndarray) -> Self:
        """The flow restricted to some of its points."""
        arrays = {
            field.name: getattr(self, field.name)[indices]
            for field in dataclasses.fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return dataclasses.replace(self, **arrays)

    def inputs(self, with_wall: bool = True) -> dict[str, np.ndarray]:
        """Inputs of a closure that uses scalars beside the tensors.

        Args:
            with_wall: False to mask the wall distance.

        Returns:
            `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`, float32. The scalars are `wall_reynolds`
            and 1 where the distance is known, and zeros elsewhere.
        """
        known = ~np.isnan(self.wall_reynolds) & with_wall
        scalars = np.stack([np.where(known, self.wall_reynolds, 0.0), known], axis=1)
        return {"tensors": self.tensors.astype("float32"), "scalars": scalars.astype("float32")}


def rans_les_flow(name: str) -> TurbulentFlow:
    """A flow of a two-equation model (RANS) with the stresses of a resolved simulation (LES).

    The files store `R` with the opposite sign. This was found from explicit algebraic stresses,
    which are closer to the resolved stresses than zero anisotropy only with the sign reversed. The
    remaining trace of `S` is removed. Points whose resolved energy is less than a tenth of the
    modelled energy are removed, because the resolved flow is laminar there.

    Args:
        name: One of `RANS_LES_FLOWS`. The channel has no coordinates. Lengths are in half widths of
            the duct and in hill heights; the side of the square cylinder is 0.1 long.

    Raises:
        ValueError: If the name is unknown.
        DataNotFoundError: If the file is not on this machine.
    """
    if name not in RANS_LES_FLOWS:
        raise ValueError(f"Flows are {', '.join(RANS_LES_FLOWS)}. Received: name={name!r}")
    with np.load(require(f"turbulence/rans_les_flows/{name}.npz")) as file:
        strain, rotation, energy, stress = (
            file[key].astype("float64") for key in ("S", "R", "k_rans", "uu_les")
        )
        coordinates = file["xy"].astype("float64") if "xy" in file else None
        viscosity = float(file["nu"])
    strain -= np.trace(strain, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    distance = np.nan if coordinates is None else _WALL_DISTANCES[name](coordinates)
    reynolds = np.sqrt(energy) * distance / viscosity
    resolved, b = energy_and_anisotropy(stress)
    tensors = np.stack([strain, -rotation], axis=1)
    flow = TurbulentFlow(name, tensors, b, reynolds, resolved, coordinates)
    return flow.take(resolved > _MIN_ENERGY_RATIO * energy)


def energy_and_anisotropy(stress: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`k`, `(n,)`, and `b`, `(n, 3, 3)`, of stresses `<u_i u_j>`; `b` is zero where `k` is."""
    energy = 0.5 * np.trace(stress, axis1=1, axis2=2)
    positive = energy[:, None, None] > 0.0
    b = np.divide(stress, 2.0 * energy[:, None, None], where=positive, out=np.zeros_like(stress))
    return energy, np.where(positive, b - np.eye(3) / 3.0, 0.0)


def _duct_wall_distance(coordinates):
    return 1.0 - np.max(np.abs(coordinates), axis=1)


def _cylinder_wall_distance(coordinates):
    outside = np.maximum(np.abs(coordinates - [0.45, 0.75]) - 0.05, 0.0)
    return np.hypot(*outside.T)


_WALL_DISTANCES = {
    "square_duct": _duct_wall_distance,
    "periodic_hills": hill_wall_distance,
    "square_cylinder": _cylinder_wall_distance,
}
