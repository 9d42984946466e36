"""The registry of applications: one line a name, loaded when it is asked for."""

_MODULES = {
    "closure": "turbulence_closure.application",
    "digits": "digits.application",
    "pinn": "pde_benchmarks.application",
    "plume": "incompressible_flow.plume",
    "pressure": "incompressible_flow.pressure",
    "sparse-coding": "sparse_coding.application",
}


def packages() -> list[str]:
    """Names of the packages of all applications."""
    return [
        f"{__name__}.{folder}" for folder in sorted({m.split(".")[0] for m in _MODULES.values()})
    ]
