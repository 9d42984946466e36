"""`python -m benchmarks turbulence_closure`: Reynolds-stress closures on unseen flows.

A priori: flows left out one by one, random points, hills of other slopes, channels at other
Reynolds numbers, and the quality of uncertainty estimates. A posteriori: mean velocities of
channels and the secondary flow of a duct. Beside that: the same networks for plasticity, and the
cost of a training step. `--fast` trains for a moment, for the tests.
"""

from benchmarks import (
    turbulence_closure_cost,
    turbulence_closure_flows,
    turbulence_closure_loop,
    turbulence_closure_plasticity,
    turbulence_closure_splits,
    turbulence_closure_uncertainty,
)

NUM_SEEDS = 5
PARTS = {
    "left-out": turbulence_closure_flows.figures,
    **turbulence_closure_splits.PARTS,
    "uncertainty": turbulence_closure_uncertainty.figures,
    **turbulence_closure_loop.PARTS,
    "plasticity": turbulence_closure_plasticity.figures,
    "step-cost": turbulence_closure_cost.figures,
}
