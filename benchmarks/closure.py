"""`python -m benchmarks.closure`: Reynolds stresses of flows that were not trained on.

A priori: flows left out one by one, random points, slopes of hills, channels across Reynolds
numbers, what doubt is worth; in the loop: mean velocities of channels and the motion across a duct;
a closure of another kind, plasticity; and the cost of a step of training. `--fast` trains for a
moment, for the tests.
"""

from benchmarks import (
    closure_cost,
    closure_doubt,
    closure_flows,
    closure_loop,
    closure_plasticity,
)
from benchmarks.harness import run_benchmark

PARTS = {
    **closure_flows.PARTS,
    "doubt": closure_doubt.figures,
    **closure_loop.PARTS,
    "plasticity": closure_plasticity.figures,
    "step-cost": closure_cost.figures,
}

if __name__ == "__main__":
    run_benchmark("closure", PARTS, num_seeds=5)
