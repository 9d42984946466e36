"""Export to SavedModel, ONNX and LiteRT; each export is run and compared before it counts."""

import importlib.metadata
import importlib.util
import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from keras_solvers import files
from keras_solvers.export.load import load_exported
from keras_solvers.solver import NeuralSolver

TOLERANCE = 1e-5  # relative to the largest output: rounding of float32, summed in another order


class Format(NamedTuple):
    keras_name: str
    file: str
    packages: tuple


FORMATS = {
    "savedmodel": Format("tf_saved_model", "saved_model", ("tensorflow",)),
    "onnx": Format("onnx", "model.onnx", ("tensorflow", "tf2onnx", "onnxruntime")),
    "litert": Format("litert", "model.tflite", ("tensorflow", "ai_edge_litert")),
}


class ExportMismatchError(ArithmeticError):
    """An exported model does not answer what the Keras model answers."""


def export(
    model: keras.Model,
    folder: str | Path,
    formats: Sequence[str] = tuple(FORMATS),
    card: Mapping[str, Any] | None = None,
    inputs: Any = None,
) -> dict[str, float]:
    """Writes a model in several formats, with a dynamic batch, and a model card beside them.

    Each export is loaded in its own runtime and run at batch sizes 1 and 5; only when it agrees
    with the Keras model to `1e-5` of the largest output does it take its place in `folder`.

    Args:
        model: Functional Keras model of one output and one input, or a dict of them by their
            names, or a `NeuralSolver` of one.
        folder: Where to write; other files in it stay.
        formats: Any of "savedmodel", "onnx" and "litert".
        card: Dict that is added to the model card: meaning, units, normalisation, metrics.
        inputs: At least 5 typical inputs for the comparison; standard normal if `None`. For a
            model with open sizes a list of such arrays, of different sizes; for a model of several
            inputs a dict of arrays.

    Returns:
        `{format: largest relative difference}`.

    Raises:
        ValueError: If a format is unknown or the model is not of that kind.
        ImportError: If a format needs a package that is missing.
        ExportMismatchError: If an export answers something else.
    """
    check_formats(formats)
    network = model.network if isinstance(model, NeuralSolver) else model
    structure = _inputs(network)
    if "litert" in formats and _open_sizes(structure):
        raise ValueError(
            "LiteRT cannot hold open sizes. Leave it out: formats savedmodel and onnx. Received: "
            f"{_shapes(structure)}"
        )
    batches = _batches(structure, inputs)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".exporting-") as temporary:
        differences = {
            name: _export_one(network, name, Path(temporary), batches) for name in formats
        }
        for name in formats:
            _replace(Path(temporary) / FORMATS[name].file, folder / FORMATS[name].file)
    files.write_json(folder / "model_card.json", _card(network, differences, card or {}))
    return differences


def named_formats(text: str) -> list[str]:
    """The formats of a comma-separated list, `all` of them, or none if it is empty.

    Raises:
        ValueError: If one is unknown.
        ImportError: If one needs a package that is missing.
    """
    formats = list(FORMATS) if text == "all" else [name for name in text.split(",") if name]
    check_formats(formats)
    return formats


def check_formats(formats: Sequence[str]) -> None:
    """Raises `ValueError` for an unknown format, `ImportError` for one that can't be made here."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"Formats are {', '.join(FORMATS)}. Received: {', '.join(unknown)}")
    for name in formats:
        missing = [p for p in FORMATS[name].packages if not importlib.util.find_spec(p)]
        if missing:
            raise ImportError(
                f"The format {name!r} needs packages that are missing: {', '.join(missing)}. "
                "Install them with `pip install keras-solvers[export]`, or leave the format out."
            )


def _inputs(network):
    """The input, or a dict of them.

    Raises:
        ValueError: If the model has neither, or more than one output.
    """
    inputs = getattr(network, "inputs", None) or ()
    structure = inputs[0] if len(inputs) == 1 else getattr(network, "input", None)
    if not inputs or isinstance(structure, (list, tuple)) or len(network.outputs) != 1:
        raise ValueError(
            "`model` must be a functional or sequential Keras model with one input and one output, "
            "or a dict of inputs, or a `NeuralSolver` of one. Received: "
            f"{type(network).__name__} {network.name!r}"
        )
    return structure


def _open_sizes(structure):
    return any(None in each.shape[1:] for each in keras.tree.flatten(structure))


def _shapes(structure):
    return f"input shape {keras.tree.map_structure(lambda each: str(each.shape), structure)}"


def _batches(structure, inputs):
    """Batches of 1 and of 5 for the comparison."""
    if _open_sizes(structure) and (not isinstance(inputs, list) or len(inputs) < 2):
        raise ValueError(
            "A model with open sizes is compared on several: `inputs` must be a list of arrays. "
            f"Received: {_shapes(structure)}, inputs of type {type(inputs).__name__}"
        )
    if inputs is None:
        random = np.random.default_rng(0)
        inputs = keras.tree.map_structure(
            lambda each: random.standard_normal((5, *each.shape[1:])), structure
        )
    parts = inputs if isinstance(inputs, list) else [inputs]
    return [_first(part, number) for part in parts for number in (1, 5)]


def _first(part, number):
    return keras.tree.map_structure(lambda x: np.asarray(x[:number], dtype="float32"), part)


def _export_one(network, name, folder, batches):
    references = [network.predict_on_batch(x) for x in batches]  # Keras exports called models only
    path = folder / FORMATS[name].file
    with warnings.catch_warnings():
        # Keras 3.15 tests for a name that NumPy 2 announces to change.
        warnings.filterwarnings("ignore", message="In the future `np.object`")
        network.export(path, format=FORMATS[name].keras_name, verbose=False)
    run = load_exported(path)
    difference = max(_difference(run(x), y) for x, y in zip(batches, references))
    if not difference <= TOLERANCE:
        raise ExportMismatchError(
            f"The {name} export of {network.name!r} differs from the Keras model by "
            f"{difference:.1e} of the largest output (at most {TOLERANCE:.0e} is allowed); it was "
            "not kept."
        )
    return difference


def _difference(exported, reference):
    if exported.shape != reference.shape:
        return float("inf")
    scale = max(float(np.max(np.abs(reference))), np.finfo("float32").tiny)
    return float(np.max(np.abs(exported - reference))) / scale


def _replace(source, target):
    if target.is_dir():
        shutil.rmtree(target)  # a folder cannot be replaced in one step
    source.replace(target)


def _card(network, differences, card):
    packages = ("keras-solvers", "keras", "tensorflow", "numpy")
    return {
        "name": network.name,
        "input": keras.tree.map_structure(_description, _inputs(network)),
        "output": _description(network.outputs[0]),
        "parameters": network.count_params(),
        **json.loads(json.dumps(card)),
        "largest_relative_difference_from_keras": differences,
        "versions": {name: importlib.metadata.version(name) for name in packages},
        "backend": keras.backend.backend(),
    }


def _description(tensor):
    return {"shape": list(tensor.shape), "dtype": tensor.dtype}
