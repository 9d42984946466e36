"""What a measurement was made on."""

import datetime
import importlib.metadata
import os
import platform
import re
from collections.abc import Iterable

# What the extras of the package are for.
EXTRAS = {
    "tensorflow": "the default backend, training on processors and GPUs",
    "jax": "the other backend, with KERAS_BACKEND=jax",
    "export": "SavedModel, ONNX and LiteRT, each run and compared",
    "fluids": "compiled pressure solvers, finite elements, films as .mp4",
    "probability": "Monte Carlo by TensorFlow Probability",
    "labs": "notebooks: to work on labs, to build and to grade them",
}
PACKAGES = ("keras-solvers", "keras", "tensorflow", "jax", "numpy", "scipy", "scikit-learn")


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str | None]:
    """`{package: version}`, with `None` for a package that is not installed."""
    found = {}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return found


def missing_packages() -> dict[str, list[str]]:
    """`{extra: packages}` of the extras of which something is not installed."""
    missing = {}
    for requirement in importlib.metadata.requires("keras-solvers") or ():
        package, _, condition = requirement.partition(";")
        extra = re.search(r"extra == ['\"](\w+)['\"]", condition)
        name = re.match(r"[\w.-]+", package)[0]
        if extra and extra[1] in EXTRAS and versions([name])[name] is None:
            missing.setdefault(extra[1], []).append(name)
    return missing


def header() -> dict:
    """Versions, machine and date, as a JSON-able dict that stands before published figures."""
    import keras

    return {
        "date": datetime.date.today().isoformat(),
        "python": platform.python_version(),
        "versions": versions(),
        "backend": keras.backend.backend(),
        "machine": {
            "system": platform.system(),
            "processor": _processor(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        },
    }


def _processor():
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        return names[0]
    except (OSError, IndexError):
        return platform.processor()
