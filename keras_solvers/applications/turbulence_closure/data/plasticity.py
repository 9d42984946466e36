"""Stretched polycrystals: strain, stress and how much of the strain stays."""

import dataclasses
import hashlib

import numpy as np

from keras_solvers.data.locate import DamagedDataError, require

_FILE = "turbulence/sandia_tbnn/plasticity_data.txt"
_CHECKSUM = "b112db605f7ffb36ce33235b97b94c27b9d544049a0e5c75e8d4d74bb6556145"
_PLACES = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))  # of the six columns of a tensor


@dataclasses.dataclass(frozen=True)
class Plasticity:
    """Five specimens that were stretched along the first axis: `n` states, one after the other.

    Each specimen starts unstrained and is stretched in steps. The file names no units; that strains
    are in percent and stresses in MPa follows from the moduli, which are then 75 to 104 GPa.

    Attributes:
        strain: `(n, 3, 3)`.
        stress: `(n, 3, 3)`; that over the elastic strain, `strain - plastic_strain`, is the same at
            all states of a specimen.
        plastic_strain: `(n, 3, 3)`.
        strain_rate: `(n, 3, 3)`, the growth of `strain` in the last step, times the number of steps
            of the specimen: the time that passes is 1.
        plastic_increment: `(n, 3, 3)`, the growth of `plastic_strain` in the last step; the file
            calls it a rate, yet no time divides it.
        specimen: `(n,)`, from 0 to 4.
    """

    strain: np.ndarray
    stress: np.ndarray
    plastic_strain: np.ndarray
    strain_rate: np.ndarray
    plastic_increment: np.ndarray
    specimen: np.ndarray


def load_plasticity():
    """Reads the states of the five specimens.

    Simulations of aggregates of crystals, by Jones, Ostien and Templeton; published with the code
    of Ling, Kurzawski and Templeton, 2016, J. Fluid Mech. 807, BSD 3-clause. Only the first
    component of any tensor is not zero, so the order of the others, `11, 22, 33, 23, 13, 12`, is
    that code's word alone. The meaning of the columns follows from the numbers: both increments and
    the constant moduli hold to the seven digits that were written.

    Raises:
        DataNotFoundError: If the file is not on this machine.
        DamagedDataError: If it is not the file that was published.
    """
    path = require(_FILE)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _CHECKSUM:
        raise DamagedDataError(f"{path} is damaged: its SHA-256 checksum is wrong.")
    columns = np.loadtxt(content.decode().splitlines()).reshape(-1, 5, 6)
    tensors = np.zeros((len(columns), 5, 3, 3))
    for column, (i, j) in enumerate(_PLACES):
        tensors[:, :, i, j] = tensors[:, :, j, i] = columns[:, :, column]
    at_rest = np.all(columns == 0.0, axis=(1, 2))
    return Plasticity(*tensors.swapaxes(0, 1), specimen=np.cumsum(at_rest) - 1)
