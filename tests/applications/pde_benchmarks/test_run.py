import json
import time

import keras
import numpy as np
import pytest
from running import run

from keras_solvers.applications.pde_benchmarks.application import PinnSettings
from keras_solvers.applications.pde_benchmarks.cases import NAMES, case
from keras_solvers.applications.pde_benchmarks.many import CUBE, walk_on_spheres
from keras_solvers.data import find

references = pytest.mark.skipif(
    find("pinn_refs/raissi/AC.mat") is None,
    reason="no reference solutions; set KERAS_SOLVERS_DATA",
)


def test_run_folder_holds_network_metrics_and_pictures(tmp_path):
    folder, formats = tmp_path / "run", ["savedmodel", "onnx", "litert"]
    result = run("pinn", folder, formats, case="poisson-line", seconds=6.0)
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["relative_error"] == result.metrics["relative_error"] < 1e-2
    assert metrics["classic"]["relative_error"] < 1e-12
    assert metrics["stop_reason"] == "time was up"
    for name in ("solution", "loss"):
        assert (folder / "figures" / f"{name}.png").stat().st_size > 1000
    keras.saving.load_model(folder / "model.keras")
    ends = result.exported.predict(np.array([[-1.0], [1.0]]), verbose=0)
    np.testing.assert_allclose(ends[:, 0], [-np.exp(-1.0), np.exp(-1.0)], rtol=1e-6)
    card = json.loads((folder / "exports" / "model_card.json").read_text())
    assert max(card["largest_relative_difference_from_keras"].values()) <= 1e-5


def test_names_are_those_of_the_modules():
    assert all(case(name).title for name in NAMES)
    with pytest.raises(ValueError, match=r"Received: case='stokes'"):
        PinnSettings(case="stokes")


@references
@pytest.mark.parametrize(
    # Files of coarser solvers: their own errors are the limit.
    ("name", "limit"),
    [
        ("burgers", 1e-4),
        ("burgers-fine", 1e-4),
        ("allen-cahn", 1e-3),
        ("schrodinger", 1e-3),
        ("corner", 1e-3),
        ("four-discs", 1e-4),
        ("poisson-boltzmann", 1e-3),
        ("lorenz-inverse", 1e-4),
        ("reaction-inverse", 1e-3),
        ("poisson-square", 1e-12),
        ("step", 1.5e-2),
        ("obstacles", 3.5e-2),  # nine tenths of it at points next to corners
        ("poisson-line", 1e-12),
    ],
)
def test_the_classic_solver_agrees_with_the_reference(name, limit):
    start = time.process_time()
    assert case(name).rival_error(case(name).rival.solve()) < limit
    assert time.process_time() - start < 40.0


def test_walks_find_the_solution_in_ten_dimensions():
    points = CUBE.sample(5, seed=2)
    found = walk_on_spheres(points, num_walks=1000)
    exact = np.sum(np.sin(0.5 * np.pi * points), axis=1)
    exact += np.sum(points[:, 1:] * points[:, :-1], axis=1)
    # Walks of one point differ by about 0.7 from each other.
    np.testing.assert_allclose(found[:, 0], exact, atol=4.0 * 0.7 / np.sqrt(1000))
