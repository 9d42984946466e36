"""The application `closure`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.settings import Settings, setting
from keras_solvers.applications.turbulence_closure.data.turbulent_flows import RANS_LES_FLOWS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosureSettings(Settings):
    """Settings of a leave-one-flow-out run."""

    leave_out: str = setting(
        "periodic_hills", "The flow that training leaves out.", choices=RANS_LES_FLOWS
    )


APPLICATION = Application(
    title="Reynolds stresses of a flow that was left out of the training",
    network="a tensor-basis ensemble",
    rivals=("linear and quadratic closures", "explicit algebraic stresses", "boosted trees"),
    settings=ClosureSettings,
    runner="keras_solvers.applications.turbulence_closure.experiment.run",
    headline=(
        "turbulence_closure",
        "periodic_hills left out: tensor-basis ensemble, root mean square error of b",
    ),
)
