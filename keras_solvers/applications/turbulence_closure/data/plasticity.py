"""Simulated tensile tests of polycrystals: strain, stress and plastic strain."""

import dataclasses
import hashlib

import numpy as np

from keras_solvers.data.locate import DamagedDataError, require

_FILE = "turbulence/sandia_tbnn/plasticity_data.txt"
_CHECKSUM = "b112db605f7ffb36ce33235b97b94c27b9d544049a0e5c75e8d4d74bb6556145"
_COMPONENTS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))  # of the six columns of a tensor


@dataclasses.dataclass(frozen=True)
class Plasticity:
    """States of five specimens under tension along the first axis, `n` in total.

    Each specimen starts unstrained and is stretched in steps. Its states follow each other. The
    file gives no units. Strains in percent and stresses in MPa are inferred from the elastic
    moduli, which are then 75 to 104 GPa.

    Attributes:
        strain: `(n, 3, 3)`.
        stress: `(n, 3, 3)`. Its ratio to the elastic strain, `strain - plastic_strain`, is constant
            within a specimen.
        plastic_strain: `(n, 3, 3)`.
        strain_rate: `(n, 3, 3)`, the increment of `strain` in the last step, times the number of
            steps of the specimen: a test lasts one unit of time.
        plastic_increment: `(n, 3, 3)`, the increment of `plastic_strain` in the last step. The file
            calls it a rate, although it is not divided by a time.
        specimen: `(n,)`, from 0 to 4.
    """

    strain: np.ndarray
    stress: np.ndarray
    plastic_strain: np.ndarray
    strain_rate: np.ndarray
    plastic_increment: np.ndarray
    specimen: np.ndarray


def load_plasticity() -> Plasticity:
    """Reads the states of the five specimens.

    The data are simulations of crystal aggregates by Jones, Ostien and Templeton. They were
    published with the code of Ling, Kurzawski and Templeton, 2016, J. Fluid Mech. 807, under the
    BSD 3-clause licence. Only the first component of each tensor is nonzero, so the order of the
    other components, `11, 22, 33, 23, 13, 12`, rests on that code alone. The meaning of the columns
    was inferred from the numbers: both increments and the constant moduli hold to the seven digits
    of the file.

    Raises:
        DataNotFoundError: If the file is not on this machine.
        DamagedDataError: If its checksum is not that of the published file.
    """
    path = require(_FILE)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != _CHECKSUM:
        raise DamagedDataError(f"{path} is damaged: its SHA-256 checksum is wrong.")
    columns = np.loadtxt(content.decode().splitlines()).reshape(-1, 5, 6)
    tensors = np.zeros((len(columns), 5, 3, 3))
    for column, (i, j) in enumerate(_COMPONENTS):
        tensors[:, :, i, j] = tensors[:, :, j, i] = columns[:, :, column]
    unstrained = np.all(columns == 0.0, axis=(1, 2))
    return Plasticity(*tensors.swapaxes(0, 1), specimen=np.cumsum(unstrained) - 1)
