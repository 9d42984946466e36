"""Loading of saved models whose classes are somewhere in the library."""

import importlib
import importlib.util
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def load_model(path: str | Path, **kwargs: Any):
    """Loads a model of this library, or one that has its layers inside.

    `keras.saving.load_model` knows the classes that are imported already. This function reads
    from the file which modules of the library it needs, imports these, and calls it.

    Args:
        path: A `.keras` file, or a run folder that holds `model.keras`.
        **kwargs: As of `keras.saving.load_model`.

    Returns:
        The Keras model.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is damaged or no saved Keras model, or if it was saved by a version of
            the library that had other modules.
    """
    import keras

    path = Path(path)
    path = path / "model.keras" if path.is_dir() else path
    for module in _modules(_config(path)):
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            raise ValueError(
                f"{path} was saved by another version of keras_solvers: it needs the module "
                f"{module}, which is not there. Save it again with this version."
            ) from error
    return keras.saving.load_model(path, **kwargs)


def _config(path: Path) -> Any:
    if not path.is_file():
        raise FileNotFoundError(f"There is no model {path}. Expected a .keras file or run folder.")
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read("config.json"))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ValueError(f"{path} is no saved Keras model, or it is damaged ({error}).") from error


def _exporting(package: str) -> Iterator[str]:
    """Modules of an application, or of a floor, that export layers or models."""
    folders = [f"keras_solvers.applications.{package}", f"keras_solvers.{package}"]
    for folder in filter(importlib.util.find_spec, folders):
        exports = importlib.import_module(folder).EXPORTS
        for kind in ("layers", "models"):
            yield from (f"{folder}.{module}" for module in exports.get(kind, ()))


def _modules(config: Any) -> Iterator[str]:
    """Modules of the library that a configuration names, in its nested parts too."""
    if isinstance(config, dict):
        module, name = config.get("module"), config.get("config")
        if isinstance(module, str) and module.split(".")[0] == "keras_solvers":
            yield module
        # Of a function Keras saves only the name under which it is registered.
        if config.get("class_name") == "function" and str(name).startswith("keras_solvers."):
            yield from _exporting(name.removeprefix("keras_solvers.").partition(">")[0])
    for part in config.values() if isinstance(config, dict) else config:
        if isinstance(part, (dict, list)):
            yield from _modules(part)
