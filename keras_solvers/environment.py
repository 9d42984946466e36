"""What a measurement was made on."""

import datetime
import importlib.metadata
import os
import platform

PACKAGES = ("keras-solvers", "keras", "tensorflow", "jax", "numpy", "scipy", "scikit-learn")


def versions(packages=PACKAGES):
    """`{package: version}`, with `None` for a package that is not installed."""
    found = {}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return found


def header():
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
