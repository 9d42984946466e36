"""The registry of applications: one line a name, loaded when it is asked for."""

import dataclasses
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras_solvers.applications.application import Application

_MODULES = {
    "closure": "turbulence_closure.application",
    "digits": "digits.application",
    "pinn": "pde_benchmarks.application",
    "plume": "incompressible_flow.plume",
    "pressure": "incompressible_flow.pressure",
    "sparse-coding": "sparse_coding.application",
}


def names() -> list[str]:
    """Names of all applications."""
    return list(_MODULES)


def packages() -> list[str]:
    """Names of the packages in which they are, of which some hold several."""
    return sorted({f"{__name__}.{module.partition('.')[0]}" for module in _MODULES.values()})


def load(name: str) -> "Application":
    """The application of a name.

    Raises:
        ValueError: If there is none.
    """
    if name not in _MODULES:
        raise ValueError(f"Applications are {', '.join(_MODULES)}. Received: {name!r}")
    module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    return dataclasses.replace(module.APPLICATION, name=name)
