"""The application `plume`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import (
    CLASSIC,
    NEURAL,
)
from keras_solvers.applications.settings import Settings, setting

_SOLVERS = (*NEURAL, *CLASSIC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlumeSettings(Settings):
    """What is simulated, with which two solvers of the pressure."""

    solver: str = setting("hybrid", "Solver of the pressure.", choices=_SOLVERS)
    reference: str = setting("multigrid", "Solver that is shown beside it.", choices=_SOLVERS)
    cells: tuple[int, ...] = setting(
        (128, 128), "Cells along each axis, two or three; the last points upwards.", minimum=4
    )
    steps: int = setting(256, "Number of time steps.", minimum=1)
    tolerance: float = setting(
        1e-3, "Relative residual of each pressure solve.", minimum=0.0, maximum=1.0
    )
    network: str | None = setting(
        None, "Trained network or run folder; one is trained, in a minute, if left out."
    )
    video: str | None = setting(None, "Film to write, .mp4 or .gif.")


APPLICATION = Application(
    title="A plume of smoke around a solid, with any solver of the pressure",
    network="conjugate gradients led by the learned multigrid cycle, to a certified residual",
    rivals=("multigrid", "multigrid CG", "algebraic multigrid", "IC(0)-PCG"),
    settings=PlumeSettings,
    runner="keras_solvers.applications.incompressible_flow.experiment.plume_run",
    resizer="keras_solvers.applications.incompressible_flow.experiment.pressure_run",
    headline=(
        "incompressible_flow",
        "plume, 256 steps: wall time of the hybrid over that of the best classic solver",
    ),
)
