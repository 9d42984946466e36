"""Stresses for a flow solver: in any units, finite everywhere, and called from C."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_solvers.export import export
from keras_solvers.export.write import load_exported
from keras_solvers.layers import StrainRotationVectorBasis, StrainRotationVectorInvariants
from keras_solvers.models import isotropic_network, reynolds_stress, tensor_basis_network

EXAMPLE = Path(__file__).parents[4] / "examples/closure"


def linear_closure():
    """`b = -0.09 S`."""
    x = keras.Input((2, 3, 3))
    return keras.Model(x, -0.09 * x[:, 0])


def points(num=5, seed=0):
    random = np.random.default_rng(seed)
    x = {
        "gradient": random.normal(size=(num, 3, 3)),
        "k": random.uniform(0.5, 2.0, (num, 1)),
        "epsilon": random.uniform(0.5, 2.0, (num, 1)),
    }
    return {name: value.astype("float32") for name, value in x.items()}


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return reynolds_stress(tensor_basis_network(depth=2))


@pytest.mark.jax
def test_linear_closure_is_an_eddy_viscosity():
    """`<u u> = 2/3 k I - 2 nu_t S` with `nu_t = 0.09 k^2 / epsilon`."""
    x = points()
    k, epsilon = x["k"][:, :, None], x["epsilon"][:, :, None]
    strain = 0.5 * (x["gradient"] + x["gradient"].swapaxes(1, 2))
    strain -= np.trace(strain, axis1=1, axis2=2)[:, None, None] * np.eye(3) / 3.0
    expected = 2.0 / 3.0 * k * np.eye(3) - 0.18 * k**2 / epsilon * strain
    y = reynolds_stress(linear_closure()).predict_on_batch(x)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.jax
def test_stresses_are_galilean_invariant_and_consistent_in_all_units(model):
    x = points()
    y = model.predict_on_batch(x)
    # Units of length 100 times and units of time 60 times as small.
    speed, time = 100.0 / 60.0, 60.0
    other = {
        "gradient": x["gradient"] / time,
        "k": x["k"] * speed**2,
        "epsilon": x["epsilon"] * speed**2 / time,
    }
    np.testing.assert_allclose(model.predict_on_batch(other), y * speed**2, rtol=1e-4, atol=1e-5)
    point, steps = np.random.default_rng(1).normal(size=3), 1e-3 * np.eye(3)

    def gradient(velocity):
        columns = [(velocity(point + h) - velocity(point - h)) / 2e-3 for h in steps]
        return np.stack(columns, axis=1)

    def velocity(x):
        return np.array([x[0] * x[1], np.sin(x[2]), -x[1] * x[2]])

    frame = np.array([5.0, -3.0, 1.0])
    moving = gradient(lambda x: velocity(x) + frame)
    np.testing.assert_allclose(gradient(velocity), moving, atol=1e-11)


@pytest.mark.jax
@pytest.mark.parametrize("k", [0.0, 1e-28, 1e-3, 1e4, -1.0])
@pytest.mark.parametrize("epsilon", [0.0, 1e-28, 1e6, -1.0])
@pytest.mark.parametrize("size", [0.0, 1.0, 1e4])
def test_stresses_are_finite_everywhere(model, k, epsilon, size):
    x = {
        "gradient": size * np.eye(3, k=1)[None],
        "k": np.array([[k]]),
        "epsilon": np.array([[epsilon]]),
    }
    y = model.predict_on_batch(x)
    assert np.isfinite(y).all()
    if k <= 0.0:
        assert (y == 0.0).all()
    elif size == 0.0:  # isotropic where nothing is sheared
        np.testing.assert_allclose(y[0], 2.0 / 3.0 * k * np.eye(3), rtol=1e-5)


def with_vectors(num_vectors):
    invariants = StrainRotationVectorInvariants(num_vectors)
    basis = StrainRotationVectorBasis(num_vectors)
    return isotropic_network(invariants, basis, num_vectors, depth=2)


def test_other_inputs_pass_through(tmp_path):
    model = reynolds_stress(with_vectors(1))
    vectors = np.random.default_rng(2).normal(size=(5, 1, 3)).astype("float32")
    x = {**points(), "vectors": vectors}
    export(model, tmp_path, ["savedmodel", "onnx"], inputs=x)
    y = model.predict_on_batch(x)
    np.testing.assert_allclose(load_exported(tmp_path / "model.onnx")(x), y, rtol=1e-4, atol=1e-5)


@pytest.mark.jax
def test_a_network_of_vectors_is_equivariant():
    network = with_vectors(2)
    random = np.random.default_rng(0)
    gradient, vectors = random.normal(size=(6, 3, 3)), random.normal(size=(6, 2, 3))
    q = np.linalg.qr(random.normal(size=(3, 3)))[0]
    q *= -np.sign(np.linalg.det(q))  # with a reflection

    def predict(gradient, vectors):
        transposed = gradient.swapaxes(1, 2)
        tensors = 0.5 * np.stack([gradient + transposed, gradient - transposed], axis=1)
        return ops.convert_to_numpy(network({"tensors": tensors, "vectors": vectors}))

    rotated = predict(q @ gradient @ q.T, vectors @ q.T)
    np.testing.assert_allclose(rotated, q @ predict(gradient, vectors) @ q.T, atol=1e-5)


def integrate(closure, num_cells, num_steps, step):
    """Does what the program in C does: `(num_cells, 3)`, `k`, `epsilon` and `<u_1 u_2>`."""
    shear = np.arange(1.0, num_cells + 1.0)
    k, epsilon = np.ones((2, num_cells))
    gradient = np.zeros((num_cells, 3, 3), "float32")
    gradient[:, 0, 1] = shear

    def stress():
        x = {"gradient": gradient, "k": k[:, None], "epsilon": epsilon[:, None]}
        x = {name: value.astype("float32") for name, value in x.items()}
        return np.asarray(closure(x), "float64")[:, 0, 1]

    for _ in range(num_steps):
        production = -stress() * shear
        growth = (1.44 * production - 1.92 * epsilon) * epsilon / k
        k, epsilon = k + step * (production - epsilon), epsilon + step * growth
    return np.stack([k, epsilon, stress()], axis=1)


def compiled_example(folder):
    """The compiled program; the test is skipped where it cannot be built."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler, cc")
    if find_spec("onnxruntime") is None:
        pytest.skip("onnxruntime is not installed")
    capi = Path(find_spec("onnxruntime").origin).parent / "capi"
    libraries = list(capi.glob("libonnxruntime.so.1.*"))
    if not libraries:
        pytest.skip("this onnxruntime brings no shared library for C programs")
    (folder / "libonnxruntime.so.1").symlink_to(libraries[0])
    program = folder / "shear_flow"
    command = [compiler, "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program]
    command += [EXAMPLE / "shear_flow.c", "-I", EXAMPLE / "onnxruntime"]
    command += [folder / "libonnxruntime.so.1", f"-Wl,-rpath,{folder}"]
    subprocess.run(command, check=True)
    return program


@pytest.mark.parametrize("closure", ["linear", "network"])
def test_a_solver_in_c_agrees_with_python(closure, model, tmp_path):
    program = compiled_example(tmp_path)
    chosen = reynolds_stress(linear_closure()) if closure == "linear" else model
    export(chosen, tmp_path, ["onnx"], inputs=points())
    # With a linear closure P / epsilon tends to 0.92 / 0.44; the network is not trained.
    num_steps = 2000 if closure == "linear" else 100
    command = [program, tmp_path / "model.onnx", "4", str(num_steps), "0.01"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = np.array([line.split() for line in done.stdout.splitlines()], "float64")
    expected = integrate(load_exported(tmp_path / "model.onnx"), 4, num_steps, 0.01)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    if closure == "linear":
        production = -found[:, 2] * np.arange(1.0, 5.0)
        np.testing.assert_allclose(production / found[:, 1], 0.92 / 0.44, rtol=0.02)
    else:
        expected = integrate(model.predict_on_batch, 4, num_steps, 0.01)
        np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_solver_in_c_reports_errors(tmp_path):
    program = compiled_example(tmp_path)
    for cells, code, message in (("2", 1, "none.onnx"), ("abc", 2, "usage")):
        command = [program, tmp_path / "none.onnx", cells, "1", "0.1"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == code
        assert message in done.stderr
