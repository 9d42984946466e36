"""`python -m benchmarks NAME [--fast] [--seeds N] [--part PART]`: measures published figures.

NAME is that of an application's package, such as `sparse_coding`; `grading` for the steadiness of
grades, `labs` for what each grader was proven to do, `report` for the page of all results.
"""

import importlib
import sys

from benchmarks.harness import run_benchmark
from keras_solvers import applications

NAMES = [package.rpartition(".")[2] for package in applications.packages()]
OTHERS = ["grading", "labs", "report"]


def main():
    name = sys.argv[1].replace("-", "_") if len(sys.argv) > 1 else ""
    if name not in NAMES + OTHERS:
        print(f"{__doc__}\nNAME is one of {', '.join(NAMES + OTHERS)}.", file=sys.stderr)
        return 2
    module = importlib.import_module(f"benchmarks.{name}")
    if hasattr(module, "PARTS"):
        run_benchmark(name, module.PARTS, getattr(module, "NUM_SEEDS", 3), sys.argv[2:])
    else:
        module.main(sys.argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
