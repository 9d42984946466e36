"""Mean profiles of fully developed channel flows from direct numerical simulations."""

import dataclasses

import numpy as np

from keras_solvers.data.locate import require

_FOLDERS = {
    "lee_moser": "turbulence/channel_lee_moser2015",
    "moser_kim_mansour": "turbulence/channel_mkm1999",
    "hoyas_jimenez": "turbulence/channel_hoyas_jimenez",
}


@dataclasses.dataclass(frozen=True)
class ChannelProfile:
    """A mean profile, in units of the channel half height and the friction velocity.

    Attributes:
        friction_reynolds: `Re_tau` as simulated, not the nominal value of the case.
        y: `(n,)`, wall distance, from 0 to the centreline or the point next to it.
        velocity: `(n,)`, mean velocity `U`.
        velocity_gradient: `(n,)`, `dU/dy`.
        stresses: `(n, 3, 3)`, `<u_i u_j>`.
    """

    friction_reynolds: float
    y: np.ndarray
    velocity: np.ndarray
    velocity_gradient: np.ndarray
    stresses: np.ndarray


def channel_profile(source: str, case: int) -> ChannelProfile:
    """Reads a profile.

    Args:
        source: `"lee_moser"` (2015, J. Fluid Mech. 774; cases 180, 550, 2000, 5200),
            `"moser_kim_mansour"` (1999, Phys. Fluids 11; 180, 395, 590) or `"hoyas_jimenez"`
            (2006, Phys. Fluids 18; 180, 550, 950, 2000).
        case: The nominal friction Reynolds number.

    Raises:
        DataNotFoundError: If the files are not on this machine.
    """
    read = {"lee_moser": _lee, "moser_kim_mansour": _moser, "hoyas_jimenez": _hoyas}[source]
    reynolds, y_plus, velocity, gradient_plus, components = read(_FOLDERS[source], case)
    stresses = np.zeros((len(velocity), 3, 3))
    for (i, j), values in zip(((0, 0), (1, 1), (2, 2), (0, 1)), components):
        stresses[:, i, j] = stresses[:, j, i] = values
    return ChannelProfile(reynolds, y_plus / reynolds, velocity, gradient_plus * reynolds, stresses)


def _lee(folder, case):
    table = _table(f"{folder}/LM_Channel_Retau{case}.txt").T
    mean = _table(f"{folder}/LM_Channel_{case:04d}_mean_prof.dat")
    components = table[[12, 16, 20, 13]]
    return mean[-1, 1] / mean[-1, 0], table[0], table[21], table[4], components


def _moser(folder, case):
    means = _table(f"{folder}/chan{case}.means").T
    stresses = _table(f"{folder}/chan{case}.reystress").T
    reynolds = means[1, -1] / means[0, -1]
    return reynolds, means[1], means[2], means[3] / reynolds, stresses[2:6]


def _hoyas(folder, case):
    table = _table(f"{folder}/Re{case}.prof").T
    components = [*np.square(table[3:6]), table[10]]
    return table[1, -1] / table[0, -1], table[1], table[2], table[6], components


def _table(name):
    """The numeric rows of a file; headers and comments are skipped."""
    lines = require(name).read_text().splitlines()
    return np.array([line.split() for line in lines if _is_numeric(line)], dtype="float64")


def _is_numeric(line):
    return bool(line.strip()) and not any(c in "#%yU" for c in line)
