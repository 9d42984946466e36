"""Exported models, loaded in the runtimes that they were exported for."""

from collections.abc import Callable
from pathlib import Path


def load_exported(path: str | Path) -> Callable:
    """Loads an export in its own runtime, without Keras; returns a function of NumPy arrays.

    A model of several inputs takes them in a dict, by their names.
    """
    path = Path(path)
    if path.suffix == ".onnx":
        return _load_onnx(path)
    return _load_litert(path) if path.suffix == ".tflite" else _load_savedmodel(path)


def _load_savedmodel(path):
    import tensorflow as tf

    module = tf.saved_model.load(str(path))
    return lambda x: module.serve(x).numpy()


def _load_onnx(path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda x: session.run(None, _by_name(x, names))[0]


def _load_litert(path):
    from ai_edge_litert.interpreter import Interpreter

    def run(x):
        runner = Interpreter(model_path=str(path)).get_signature_runner()
        (y,) = runner(**_by_name(x, runner.get_input_details())).values()
        return y

    return run


def _by_name(x, names):
    """What the runtimes take: a model of one input was exported without a name of ours."""
    return x if isinstance(x, dict) else dict.fromkeys(names, x)
