import json
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest

from keras_solvers import NeuralSolver, models
from keras_solvers.export import ExportMismatchError, export
from keras_solvers.export import write as exporting
from keras_solvers.export.write import load_exported
from keras_solvers.problems import SparseCoding


def problem():
    dictionary = np.random.default_rng(0).normal(size=(8, 16))
    return SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty=0.1)


def small():
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])


@pytest.mark.parametrize(
    ("build", "shape"),
    [
        (models.lenet5, (28, 28, 1)),
        (models.convnet, (28, 28, 1)),
        (models.conv_autoencoder, (28, 28, 1)),
        (lambda: models.mlp((28, 28, 1), 10), (28, 28, 1)),
        (models.softmax_regression, (28, 28, 1)),
        (models.classic_autoencoder, (28, 28, 1)),
        (lambda: models.ensemble([models.softmax_regression() for _ in range(2)]), (28, 28, 1)),
        (lambda: models.lista(problem(), 3, momentum=True), (8,)),
        (lambda: models.alista(problem(), 3), (8,)),
    ],
)
def test_every_format_agrees_at_any_batch_size(build, shape, tmp_path):
    model = build()
    differences = export(model, tmp_path)
    assert set(differences) == {"savedmodel", "onnx", "litert"}
    x = np.random.default_rng(1).random((7, *shape)).astype("float32")
    y = model.predict_on_batch(x)
    for name in ("saved_model", "model.onnx", "model.tflite"):
        answer = load_exported(tmp_path / name)(x)
        assert np.max(abs(answer - y)) <= 1e-5 * np.max(abs(y))


def test_onnx_runs_without_keras(tmp_path):
    model = small()
    export(model, tmp_path, ["onnx"])
    program = """
        import sys, numpy as np, onnxruntime
        session = onnxruntime.InferenceSession(sys.argv[1])
        x = np.arange(6, dtype="float32").reshape(2, 3)
        y = session.run(None, {session.get_inputs()[0].name: x})[0]
        assert not {"keras", "tensorflow", "jax"} & set(sys.modules)
        print(y.tolist())
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "model.onnx")]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    x = np.arange(6, dtype="float32").reshape(2, 3)
    np.testing.assert_allclose(answer, model.predict_on_batch(x), rtol=1e-5)


def test_model_card_says_what_goes_in_and_out(tmp_path):
    export(small(), tmp_path, ["onnx"], card={"units": "metres", "metrics": {"error": 0.1}})
    card = json.loads((tmp_path / "model_card.json").read_text())
    assert card["input"] == {"shape": [None, 3], "dtype": "float32"}
    assert card["output"]["shape"] == [None, 2]
    assert (card["units"], card["parameters"], card["metrics"]) == ("metres", 8, {"error": 0.1})
    assert card["versions"]["keras"] == keras.version()


def test_neural_solver_exports_its_network(tmp_path):
    solver = NeuralSolver(models.lista(problem(), 2), problem())
    export(solver, tmp_path, ["onnx"])
    x = np.ones((1, 8), "float32")
    answer = load_exported(tmp_path / "model.onnx")(x)
    np.testing.assert_allclose(answer, solver.network.predict_on_batch(x), rtol=1e-5, atol=1e-6)


def test_an_export_that_differs_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "load_exported", lambda path: lambda x: np.zeros((len(x), 2)))
    with pytest.raises(ExportMismatchError, match="not kept"):
        export(small(), tmp_path, ["onnx"])
    assert not list(tmp_path.iterdir())


def test_wrong_use_is_named(tmp_path):
    with pytest.raises(ValueError, match="tflite"):
        export(small(), tmp_path, ["onnx", "tflite"])
    open_size = keras.Sequential([keras.Input((None, 3)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="open size"):
        export(open_size, tmp_path, ["onnx"])
    with pytest.raises(ValueError, match="LiteRT cannot"):
        export(open_size, tmp_path)
    unbuilt = keras.Sequential([keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="one input and one output"):
        export(unbuilt, tmp_path)


def test_missing_package_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"onnxruntime.*keras-solvers\[export\]"):
        export(small(), tmp_path, ["onnx"])


def test_inputs_go_by_their_names(tmp_path):
    model = two_inputs()
    differences = export(model, tmp_path)
    assert set(differences) == {"savedmodel", "onnx", "litert"}
    card = json.loads((tmp_path / "model_card.json").read_text())
    assert card["input"]["field"] == {"shape": [None, 3], "dtype": "float32"}
    random = np.random.default_rng(1)
    x = {name: random.random((7, size)).astype("float32") for name, size in SIZES.items()}
    y = model.predict_on_batch(x)
    for name in ("saved_model", "model.onnx", "model.tflite"):
        np.testing.assert_allclose(load_exported(tmp_path / name)(x), y, rtol=1e-5)


SIZES = {"weight": 1, "field": 3}


def two_inputs():
    x = {name: keras.Input((size,), name=name) for name, size in SIZES.items()}
    return keras.Model(x, keras.layers.Dense(2)(x["field"]) * x["weight"])
