"""The application `pinn`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.pde_benchmarks.cases import NAMES
from keras_solvers.applications.settings import Settings, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class PinnSettings(Settings):
    """Which equation is solved, and for how long."""

    case: str = setting("burgers", "The equation.", choices=NAMES)
    seconds: float | None = setting(
        None, "CPU-seconds of training; the case's if left out.", minimum=1.0
    )


APPLICATION = Application(
    title="Differential equations solved by networks of the coordinates",
    network="coordinate networks trained by Levenberg-Marquardt steps",
    rivals=("Fourier and Chebyshev methods", "finite elements", "least squares through a solver"),
    settings=PinnSettings,
    runner="keras_solvers.applications.pde_benchmarks.run",
    headline=("pde_benchmarks", "Burgers' equation, viscosity 0.01/pi: relative error"),
)
