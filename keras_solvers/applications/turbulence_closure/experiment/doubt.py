"""What a committee's doubt is worth: error bars learned from flows that were left out."""

import numpy as np

from keras_solvers.applications.turbulence_closure.data.turbulent_flows import PAIRED_FLOWS
from keras_solvers.applications.turbulence_closure.experiment.comparison import Learned
from keras_solvers.applications.turbulence_closure.experiment.flows import all_flows, others
from keras_solvers.numerics.error_bars import calibrate

LEVEL = 0.9
_COMPONENTS = 5  # of a symmetric tensor without trace


class LeftOut:
    """Closures that have seen all flows but one or two, each trained once.

    Args:
        train: Function of flows and a seed to a committee, such as `train_committee`.
        seed: Of all trainings.
    """

    def __init__(self, train, seed):
        self.train, self.seed = train, seed
        self._trained = {}

    def closure(self, *names):
        """`Learned` of all flows but these."""
        key = frozenset(names)
        if key not in self._trained:
            self._trained[key] = Learned.of(self.train(others(*names), self.seed))
        return self._trained[key]

    def error_bars(self, name):
        """`ErrorBars` for a flow from the three others, each of which was left out with it."""
        cases = [
            doubt_and_error(self.closure(name, other), all_flows()[other])
            for other in PAIRED_FLOWS
            if other != name
        ]
        return calibrate(*zip(*cases, strict=True), LEVEL, _COMPONENTS)

    def told(self, name):
        """What doubt and error bars are worth in the flow left out, `{measure: number}`."""
        closure, bars = self.closure(name), self.error_bars(name)
        doubt, error = doubt_and_error(closure, all_flows()[name])
        seen = [closure.doubt(f.inputs()) for n, f in all_flows().items() if n != name]
        return {
            "root mean square error of b": float(np.sqrt(np.mean(error**2) / 9.0)),
            "doubt, over that on flows in training": doubt.mean() / np.concatenate(seen).mean(),
            f"errors within their bars for {LEVEL:.0%}": float(np.mean(error < bars(doubt))),
            "expected size of the error over the size": float(
                np.sqrt(np.mean(bars.typical(doubt) ** 2) / np.mean(error**2))
            ),
        }


def doubt_and_error(closure, flow):
    """`(n,)` twice: how far members are apart, and the size of the closure's error."""
    x = flow.inputs()
    return closure.doubt(x), np.linalg.norm(closure(x) - flow.anisotropy, axis=(1, 2))
