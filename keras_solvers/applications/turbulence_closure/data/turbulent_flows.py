"""Flows that were computed twice: by a turbulence model, and with the turbulence resolved."""

import dataclasses

import numpy as np

from keras_solvers.applications.turbulence_closure.data.hills import hill_distance
from keras_solvers.data.locate import require

PAIRED_FLOWS = (
    "square_duct",
    "converging_diverging_channel",
    "periodic_hills",
    "square_cylinder",
)
# Where the model has ten times the energy or more, there is no turbulence to speak of.
_LEAST_SHARE = 0.1


@dataclasses.dataclass(frozen=True)
class TurbulentFlow:
    """Points of a mean flow: what a closure is asked there, and what it should answer.

    Attributes:
        name: Of the flow.
        tensors: `(n, 2, 3, 3)`, strain and rotation rate of the modelled flow, `S` and `R` with
            `R_ij = (dU_i/dx_j - dU_j/dx_i) / 2`, times the modelled `k / epsilon`.
        anisotropy: `(n, 3, 3)`, `<u_i u_j> / 2k - delta_ij / 3` of the resolved turbulence.
        wall_reynolds: `(n,)`, `sqrt(k) d / nu` with the modelled `k` and the distance `d` to the
            next wall; NaN where no places are known.
        energy: `(n,)`, modelled `k`.
        resolved_energy: `(n,)`, `k` of the resolved turbulence.
        places: `(n, 2)`, or `None`.
        weight: How much the flow counts in a training, all its points together.
    """

    name: str
    tensors: np.ndarray
    anisotropy: np.ndarray
    wall_reynolds: np.ndarray
    energy: np.ndarray
    resolved_energy: np.ndarray
    places: np.ndarray | None = None
    weight: float = 1.0

    def __len__(self):
        return len(self.tensors)

    def take(self, chosen):
        """The flow at some of its points only."""
        parts = {
            field.name: getattr(self, field.name)[chosen]
            for field in dataclasses.fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        return dataclasses.replace(self, **parts)

    def inputs(self, known=True):
        """What closures with scalars are asked with.

        Args:
            known: False to withhold the distance to the wall.

        Returns:
            `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`, float32: `wall_reynolds` and 1 where it
            is known, zeros elsewhere.
        """
        there = ~np.isnan(self.wall_reynolds) & known
        scalars = np.stack([np.where(there, self.wall_reynolds, 0.0), there], axis=1)
        return {"tensors": self.tensors.astype("float32"), "scalars": scalars.astype("float32")}


def paired_flow(name):
    """A flow of a two-equation model beside resolved turbulence of the same flow.

    The files hold `R` with the opposite sign: explicit algebraic stresses are nearer to the
    resolved ones than no stresses at all only when it is turned. What is left of the trace of `S`
    is taken out. Points with less than a tenth of the modelled energy, where the resolved flow is
    laminar, are left out.

    Args:
        name: One of `PAIRED_FLOWS`. The channel has no places; lengths are in half widths of the
            duct, heights of the hill, and so that the sides of the square cylinder are 0.1 long.

    Raises:
        ValueError: If the name is unknown.
        DataNotFoundError: If the file is not on this machine.
    """
    if name not in PAIRED_FLOWS:
        raise ValueError(f"Flows are {', '.join(PAIRED_FLOWS)}. Received: name={name!r}")
    with np.load(require(f"turbulence/rans_les_flows/{name}.npz")) as file:
        strain, rotation, energy, stress = (
            file[key].astype("float64") for key in ("S", "R", "k_rans", "uu_les")
        )
        places = file["xy"].astype("float64") if "xy" in file else None
        viscosity = float(file["nu"])
    strain -= np.trace(strain, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    distance = np.nan if places is None else _DISTANCES[name](places)
    reynolds = np.sqrt(energy) * distance / viscosity
    resolved, b = anisotropy_of(stress)
    tensors = np.stack([strain, -rotation], axis=1)
    flow = TurbulentFlow(name, tensors, b, reynolds, energy, resolved, places)
    return flow.take(resolved > _LEAST_SHARE * energy)


def anisotropy_of(stress):
    """Energy `(n,)` and anisotropy `(n, 3, 3)` of stresses `<u_i u_j>`; zero without energy."""
    energy = 0.5 * np.trace(stress, axis1=1, axis2=2)
    there = energy[:, None, None] > 0.0
    b = np.divide(stress, 2.0 * energy[:, None, None], where=there, out=np.zeros_like(stress))
    return energy, np.where(there, b - np.eye(3) / 3.0, 0.0)


def _from_duct(places):
    return 1.0 - np.max(np.abs(places), axis=1)


def _from_cylinder(places):
    outside = np.maximum(np.abs(places - [0.45, 0.75]) - 0.05, 0.0)
    return np.hypot(*outside.T)


_DISTANCES = {
    "square_duct": _from_duct,
    "periodic_hills": hill_distance,
    "square_cylinder": _from_cylinder,
}
