"""The application `closure`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.settings import Settings, setting
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import PAIRED_FLOWS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosureSettings(Settings):
    """Which flow no closure has seen."""

    leave_out: str = setting("periodic_hills", "The flow that is left out.", choices=PAIRED_FLOWS)


APPLICATION = Application(
    title="Turbulent stresses of a flow that was left out of the training",
    network="an ensemble of tensor-basis networks",
    rivals=("linear and quadratic closures", "explicit algebraic stresses", "boosted trees"),
    settings=ClosureSettings,
    runner="keras_solvers.applications.turbulence_closure.experiment.run",
    headline=("turbulence_closure", "periodic_hills left out: committee, root mean square error"),
)
