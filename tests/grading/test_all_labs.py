"""Every lab keeps its promises; `python -m benchmarks labs` measures the rest.

Tests that are marked `proof` run for the labs and lectures that have changed since they were
proven, or whose grader or library has; see `conftest.py`.
"""

import json
import random
from pathlib import Path

import pytest
from rich.progress import Progress

from keras_solvers.data import find
from keras_solvers.data.images import locate_images
from keras_solvers.grading import all_labs
from keras_solvers.grading.attacks import AT_IMPORT
from keras_solvers.grading.build import check_source
from keras_solvers.grading.execute import execute
from keras_solvers.grading.judge import expected_answers, grade_tasks
from keras_solvers.grading.proof import attacked, automatic_cases, blank_tasks, cases, is_killed
from keras_solvers.grading.source import instructor_version, read_notebook
from keras_solvers.grading.worker_process import Worker

pytestmark = pytest.mark.labs
ROOT = Path(__file__).parents[2]
LABS = all_labs()
LECTURES = sorted((ROOT / "course").glob("[0-9][0-9]_*.py"))


def alone(lab):
    """A parameter whose tests run one after the other, with one worker."""
    return pytest.param(lab, id=lab.name, marks=pytest.mark.xdist_group(lab.name))


def skip_without_channels():
    """Grading makes its own flows; only who reads the notebook needs simulations."""
    if find("turbulence/channel_lee_moser2015/LM_Channel_Retau180.txt") is None:
        pytest.skip("simulations of channels are not on this machine")


@pytest.fixture(params=map(alone, LABS), scope="module")
def lab(request):
    if "mnist" in request.param.about.get("data", ()) and locate_images("mnist") is None:
        pytest.skip("MNIST is not on this machine")
    return request.param


@pytest.fixture(scope="module")
def worker(lab):
    with Worker(lab) as worker:
        yield worker


@pytest.fixture(scope="module")
def answers(lab):
    return expected_answers(lab)


def test_source(lab):
    check_source(lab)
    assert lab.points == 100
    assert len(lab.tasks) <= 5
    for check in lab.checks:
        if lab.limits(check.name):
            assert lab.about["thresholds"][check.name]["source"].strip()


def test_source_has_no_outputs(lab):
    assert not any(cell.get("outputs") for cell in lab.notebook.cells)


def test_reference_and_blank(lab, worker, answers):
    reference, blank, *_ = cases(lab)
    for case in (reference, blank):
        lines = list(grade_tasks(case.tasks, lab, answers, worker))
        assert list(case.faults(lines, lab.points)) == []


def test_an_attack_earns_nothing(lab, worker, answers):
    """One of them; the benchmark tries all."""
    name = random.Random(lab.name).choice(sorted(AT_IMPORT))
    ((_, points),) = attacked(lab, answers, worker, {name: AT_IMPORT[name]})
    assert points == 0.0


@pytest.mark.proof
def test_wrong_submissions_are_caught_by_the_checks_they_name(lab, worker, answers):
    wrong = [case for case in cases(lab) if case.name.startswith("wrong/")]
    assert len(wrong) >= 8
    for case in wrong:
        named = [check for check in lab.checks if check.name in case.caught_by]
        assert len(named) == len(case.caught_by) > 0
        for line in grade_tasks(case.tasks, lab, answers, worker, named):
            assert line.verdict.share < 1.0, f"{case.name} passes {line.check.name}"


@pytest.mark.proof
def test_honest_submissions(lab, worker, answers):
    """Without the checks that train for long, which the benchmark runs."""
    honest = [case for case in cases(lab) if case.name.startswith("honest/")]
    assert len(honest) >= 3
    quick = [check for check in lab.checks if not lab.limits(check.name)]
    for case in honest:
        for line in grade_tasks(case.tasks, lab, answers, worker, quick):
            assert line.verdict.share == 1.0, f"{case.name} fails {line.check.name}: {line}"


@pytest.mark.proof
def test_some_automatic_mutants(lab, worker, answers):
    """A sample, without the checks that train for long; the benchmark tries all."""
    survivors = lab.about.get("survivors", {})
    trained = {check.task for check in lab.checks if lab.limits(check.name)}
    mutants = [
        (task, what, tasks)
        for task, what, tasks in automatic_cases(lab)
        if task not in trained and f"{task}, {what}" not in survivors
    ]
    for task, what, tasks in random.Random(0).sample(mutants, min(6, len(mutants))):
        assert is_killed(task, tasks, lab, answers, worker), f"{task}, {what}"


def test_measured_figures_hold(lab):
    rows = json.loads((ROOT / "benchmarks/results/labs.json").read_text())["labs"]
    (row,) = (row for row in rows if row["lab"] == lab.name)
    assert row["faults"] == []
    assert row["scores"]["blank"] == 0.0
    assert row["killed_percent"] >= 90.0
    assert set(row["attacks"]) == set(AT_IMPORT)
    assert not any(row["attacks"].values())
    assert set(row["survivors"]) == set(lab.about.get("survivors", {}))
    assert row["slowest_cell_seconds"] <= 60
    assert row["notebook_seconds"] <= 600


@pytest.mark.proof
def test_notebook_runs(lab, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_SOLVERS_FAST", "1")
    if "channels" in lab.about.get("data", ()):
        skip_without_channels()
    seconds = execute(instructor_version(lab.notebook), lab.name, tmp_path, Progress(disable=True))
    assert max(seconds) <= 60.0


@pytest.mark.proof
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_lecture_runs(path, tmp_path, monkeypatch):
    if "load_images(" in path.read_text() and locate_images("mnist") is None:
        pytest.skip("MNIST is not on this machine")
    if "channel_profile(" in path.read_text():
        skip_without_channels()
    monkeypatch.setenv("KERAS_SOLVERS_FAST", "1")
    execute(read_notebook(path), path.stem, tmp_path, Progress(disable=True))


def test_every_lab_has_its_lecture():
    assert [lab.name for lab in LABS] == [path.stem for path in LECTURES]


def test_blank_is_not_the_reference():
    for lab in LABS:
        assert blank_tasks(lab) != lab.tasks
