import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_solvers
from keras_solvers import layers, models, problems
from keras_solvers.applications import incompressible_flow, pde_benchmarks

KERAS = """
import sys
import keras_solvers, keras_solvers.layers, keras_solvers.models, keras_solvers.grading.worker
print(*sorted({"keras", "numpy", "tensorflow", "jax", "scipy"} & set(sys.modules)))
"""
ALL = """
import sys
import keras
before = set(sys.modules)
import keras_solvers
for module in (keras_solvers.layers, keras_solvers.models, keras_solvers.problems):
    for name in module.__all__:
        getattr(module, name)
heavy = {"sklearn", "matplotlib", "rich", "typer", "onnxruntime", "tensorflow_probability"}
other = {"jax": "tensorflow", "tensorflow": "jax"}[keras.backend.backend()]
print(*sorted((heavy | {other}) & (set(sys.modules) - before)))
"""
ANSWER = """
import sys
import numpy as np
import keras_solvers
for name in sys.argv[2:]:
    model = keras_solvers.load_model(f"{sys.argv[1]}/{name}.keras")
    x = np.load(f"{sys.argv[1]}/{name}-x.npy")
    np.save(f"{sys.argv[1]}/{name}-y.npy", model.predict_on_batch(x))
"""


def python(program, *arguments):
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_import_and_the_views_load_no_keras():
    assert python(KERAS) in ([], ["numpy"])  # the grader passes arrays


@pytest.mark.jax
def test_no_layer_or_model_loads_another_backend_or_a_heavy_library():
    assert python(ALL) == []


def test_views_hold_what_packages_export():
    assert {"Shrinkage", "FourierFeatures", "BoundedNorm"} <= set(layers.__all__)
    assert layers.Shrinkage.__module__ == "keras_solvers.applications.sparse_coding.shrinkage"
    # A public name that is also the name of its file.
    from keras_solvers.applications import sparse_coding

    assert callable(sparse_coding.lista)
    assert sparse_coding.lista is models.lista
    with pytest.raises(AttributeError, match="no attribute 'Shrinkage'"):
        models.Shrinkage  # noqa: B018
    assert set(dir(layers)) > set(layers.__all__)


def one_of_each_package():
    dictionary = np.random.default_rng(0).normal(size=(8, 16))
    coding = problems.SparseCoding(dictionary / np.linalg.norm(dictionary, axis=0), penalty=0.1)
    pressure = problems.PressureProjection((8, 8), max_obstacles=0)
    wall = pde_benchmarks.Wall(((0.0, 0.0), (1.0, 0.0)), None)
    return {
        "sparse_coding": (keras_solvers.NeuralSolver(models.lista(coding, 2), coding), (8,)),
        "digits": (models.lenet5(), (28, 28, 1)),
        "incompressible_flow": (
            incompressible_flow.RandomSymmetry(models.fluid_net(pressure), pressure.sides),
            (8, 8, 2),
        ),
        "turbulence_closure": (
            models.shrinkage_closure(models.tensor_basis_ensemble(2, 8, 1)),
            (2, 3, 3),
        ),
        "pde_benchmarks": (
            models.stream_network([wall], [(0.0, 1.0)] * 2, 0.5, [(0.5, 0.5)]),
            (2,),
        ),
        "networks": (
            models.ensemble([models.softmax_regression(), models.softmax_regression()]),
            (28, 28, 1),
        ),
        "pinn": (models.gated_mlp(3, 2, width=8, depth=2), (3,)),
    }


def test_saved_models_load_in_a_process_that_knows_the_library_alone(tmp_path):
    answers = {}
    for name, (model, shape) in one_of_each_package().items():
        x = np.random.default_rng(1).random((3, *shape)).astype("float32")
        answers[name] = model.predict_on_batch(x)
        model.save(tmp_path / f"{name}.keras")
        np.save(tmp_path / f"{name}-x.npy", x)
    python(ANSWER, tmp_path, *answers)
    for name, y in answers.items():
        loaded = np.load(tmp_path / f"{name}-y.npy")
        np.testing.assert_allclose(loaded, y, rtol=1e-5, atol=1e-6, err_msg=name)


def test_files_that_are_no_models_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no model"):
        keras_solvers.load_model(tmp_path / "none.keras")
    (tmp_path / "cut.keras").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(ValueError, match="damaged"):
        keras_solvers.load_model(tmp_path / "cut.keras")


def test_a_model_of_another_version_is_named(tmp_path):
    import json
    import zipfile

    model = keras.Sequential([keras.Input((4,)), layers.BoundedNorm()])
    model.save(tmp_path / "model.keras")
    with (
        zipfile.ZipFile(tmp_path / "model.keras") as old,
        zipfile.ZipFile(tmp_path / "other.keras", "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                content = content.replace(
                    b"keras_solvers.networks.bounded_norm", b"keras_solvers.x"
                )
                json.loads(content)
            new.writestr(name, content)
    with pytest.raises(ValueError, match=r"another version .* keras_solvers\.x"):
        keras_solvers.load_model(tmp_path / "other.keras")
