"""`python -m benchmarks turbulence_closure`: Reynolds stresses of flows that were not trained on.

A priori: flows left out one by one, random points, slopes of hills, channels across Reynolds
numbers, what doubt is worth; in the loop: mean velocities of channels and the motion across a duct;
a closure of another kind, plasticity; and the cost of a step of training. `--fast` trains for a
moment, for the tests.
"""

from benchmarks import (
    turbulence_closure_cost,
    turbulence_closure_doubt,
    turbulence_closure_flows,
    turbulence_closure_loop,
    turbulence_closure_plasticity,
)

NUM_SEEDS = 5
PARTS = {
    **turbulence_closure_flows.PARTS,
    "doubt": turbulence_closure_doubt.figures,
    **turbulence_closure_loop.PARTS,
    "plasticity": turbulence_closure_plasticity.figures,
    "step-cost": turbulence_closure_cost.figures,
}
