"""The cases of `run pinn` by name, each loaded when it is asked for."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras_solvers.applications.pde_benchmarks.case import Case

_MODULES = {
    "allen-cahn": "basic",
    "burgers": "burgers",
    "burgers-fine": "burgers",
    "cavity-2": "cavities",
    "cavity-4": "cavities",
    "cavity-8": "cavities",
    "cavity-16": "cavities",
    "cavity-32": "cavities",
    "corner": "elliptic",
    "four-discs": "elliptic",
    "lorenz-inverse": "inverse",
    "obstacles": "obstacles",
    "poisson-boltzmann": "elliptic",
    "poisson-line": "basic",
    "poisson-square": "basic",
    "poisson-ten": "many",
    "reaction-inverse": "inverse",
    "schrodinger": "basic",
    "step": "channels",
}
NAMES = tuple(_MODULES)


def case(name: str) -> "Case":
    """The case of a name.

    Raises:
        KeyError: If there is none.
    """
    module = importlib.import_module(f"{__package__}.{_MODULES[name]}")
    return module.CASES[name]
