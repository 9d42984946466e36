import json

import numpy as np
import pytest
from PIL import Image
from rich.progress import Progress
from running import run

from keras_solvers.applications.incompressible_flow import Plume
from keras_solvers.applications.incompressible_flow.experiment.plume_run import simulate
from keras_solvers.applications.incompressible_flow.experiment.pressure_solvers import named_solver
from keras_solvers.applications.incompressible_flow.experiment.timed_step import TimedStep
from keras_solvers.applications.incompressible_flow.experiment.video import write_video
from keras_solvers.models import multigrid_network
from keras_solvers.problems import PressureProjection


@pytest.fixture
def network(tmp_path):
    """Not trained, so it is one multigrid cycle, of other cells and sides than the plume's."""
    path = tmp_path / "network.keras"
    multigrid_network(PressureProjection((8, 8)), num_smoothings=1).save(path)
    return str(path)


def test_beside_the_network_alone_the_hybrid_certifies(tmp_path, network):
    film = tmp_path / "film.gif"
    small = {"cells": (16, 24), "steps": 6, "reference": "neural"}
    result = run("plume", tmp_path / "run", **small, network=network, video=str(film))
    written = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert written["simulations"] == result.metrics["simulations"]
    hybrid, neural = (row["measures"] for row in result.metrics["simulations"])
    assert hybrid["mean |div u|"]["mean"] < 0.1 * neural["mean |div u|"]["mean"]
    for name in ("kinetic energy", "smoke mass"):
        assert hybrid[name]["end"] == pytest.approx(neural[name]["end"], rel=0.05)
    for name in ("plume", "measures"):
        assert (tmp_path / "run" / "figures" / f"{name}.png").stat().st_size > 1000
    with Image.open(film) as frames:
        assert frames.n_frames > 1


def test_a_film_as_mp4(tmp_path):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    film = tmp_path / "film.mp4"
    write_video(film, (np.full((32, 48, 3), 20 * i, "uint8") for i in range(7)))
    number, _ = imageio_ffmpeg.count_frames_and_secs(str(film))
    assert number == 7


@pytest.mark.parametrize("name", ["multigrid-cg", "ic0-cg", "diagonal-cg", "sor"])
def test_named_solvers_meet_the_tolerance(name):
    problem = Plume((12, 16)).problem
    x = np.asarray(problem.sample(1, seed=0))
    previous = np.random.default_rng(0).normal(size=x[..., :1].shape).astype("float32")
    y = named_solver(name, problem, 1e-3)(np.concatenate([x, previous], axis=-1))
    assert float(problem.relative_residual(x, y)[0]) <= 1e-3


def test_an_unknown_solver_is_named():
    with pytest.raises(ValueError, match="no pressure solver 'magic'"):
        named_solver("magic", Plume((12, 16)).problem, 1e-3)


def test_a_flow_that_breaks_down_is_named():
    def wrong(x):
        return np.full_like(x[..., :1], np.nan)

    plume = Plume((16, 24))
    with (
        Progress(disable=True) as progress,
        pytest.raises(ArithmeticError, match="'wrong' the flow broke down after 0 steps"),
    ):
        simulate("wrong", TimedStep(plume, wrong), plume, 6, progress)
