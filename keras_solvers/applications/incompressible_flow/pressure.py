"""The application `pressure`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.settings import Settings, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class PressureSettings(Settings):
    """How the network is trained, without labels, and where it is measured."""

    cells: tuple[int, ...] = setting((64, 64), "Cells along each axis in training.", minimum=2)
    num_smoothings: int = setting(
        3, "Sweeps of the network before and after each coarse correction.", minimum=1
    )
    num_training_flows: int = setting(480, "Random flows around random solids.", minimum=1)
    epochs: int = setting(10, "Passes over them.", minimum=1)
    batch_size: int = setting(16, "Flows in a training step.", minimum=1)
    learning_rate: float = setting(0.02, "Start of a cosine schedule.", minimum=0.0)
    test_cells: tuple[int, ...] = setting(
        (128, 128), "Cells along each axis in the comparison.", minimum=2
    )
    num_test_flows: int = setting(16, "Size of the large batch.", minimum=1)
    preconditioned_iterations: tuple[int, ...] = setting(
        (3, 4), "Steps of conjugate gradients with a V(1,1) cycle.", minimum=1
    )
    diagonal_iterations: tuple[int, ...] = setting(
        (100, 200), "Steps of conjugate gradients with the diagonal.", minimum=1
    )
    repeats: int = setting(5, "Timed calls of each solver.", minimum=1)


APPLICATION = Application(
    title="Pressure of flows around solids",
    network="a multigrid cycle with 8 learned numbers, trained without labels",
    rivals=("IC(0)-PCG", "multigrid", "multigrid CG", "algebraic multigrid"),
    settings=PressureSettings,
    runner="keras_solvers.applications.incompressible_flow.experiment.pressure_run",
    resizer="keras_solvers.applications.incompressible_flow.experiment.pressure_run",
    headline=("incompressible_flow", "64 x 64, network, one pass, relative residual"),
)
