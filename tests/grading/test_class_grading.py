import csv
import json
import os

import nbformat
import pytest
from lab_samples import NORM, SCALE, submission
from rich.progress import Progress

from keras_solvers.grading import source
from keras_solvers.grading.build import write_student
from keras_solvers.grading.class_grading import grade_class, submissions_in


@pytest.fixture
def class_folder(tmp_path, small_lab):
    folder = tmp_path / "class"
    (folder / "eve").mkdir(parents=True)
    (folder / "ann.py").write_text(submission(NORM))
    (folder / "=cmd.py").write_text(submission("def norm(x):\n    return x\n"))
    (folder / "broken.ipynb").write_text("{")
    (folder / "conftest.py").write_text("raise SystemExit")
    write_student(small_lab, folder / "eve", [".ipynb"])
    notebook = source.instructor_version(small_lab.notebook)
    nbformat.write(notebook, folder / "solved.ipynb")
    return folder


def grade(folder, lab, out, seed=0):
    found, left_out = submissions_in([folder])
    results = grade_class(found, lab, out, jobs=2, seed=seed, progress=Progress(disable=True))
    return results, left_out


def test_class(class_folder, small_lab, tmp_path):
    out = tmp_path / "grades"
    results, left_out = grade(class_folder, small_lab, out)
    points = {name: result["score"] for name, result in results.items()}
    assert points == {
        "ann": 10.0,
        "=cmd": 4.0,
        "broken": 0.0,
        "eve-00_small": 0.0,
        "solved": 10.0,
    }
    assert [file.name for file in left_out] == ["conftest.py"]
    with open(out / "grades.csv", newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["ann"]["percent"] == "100.0"
    assert "'=cmd" in rows  # no formula
    assert "cannot be read" in rows["broken"]["notes"]


def test_result_has_the_shape_of_gradescope(class_folder, small_lab, tmp_path):
    grade(class_folder, small_lab, tmp_path / "grades")
    result = json.loads((tmp_path / "grades/results/=cmd.json").read_text())
    assert result["score"] == sum(test["score"] for test in result["tests"]) == 4.0
    assert [test["max_score"] for test in result["tests"]] == [4, 6]
    feedback = (tmp_path / "grades/feedback/=cmd.md").read_text()
    assert "4 of 10 points" in feedback
    assert "expected \\(4,\\)" in feedback or "expected (4,)" in feedback
    assert "Sum over the last axis" in feedback


def test_blank_notebook_gets_helpful_feedback(class_folder, small_lab, tmp_path):
    grade(class_folder, small_lab, tmp_path / "grades")
    feedback = (tmp_path / "grades/feedback/eve-00_small.md").read_text()
    assert "0 of 10 points" in feedback
    assert "to be written" in feedback
    assert "Multiply by FACTOR" in feedback


def test_interrupted_grading_goes_on_and_changed_work_is_graded_again(
    class_folder, small_lab, tmp_path
):
    out = tmp_path / "grades"
    grade(class_folder, small_lab, out)
    kept = out / "results/ann.json"
    before = kept.stat().st_mtime_ns
    (class_folder / "=cmd.py").write_text(submission(NORM))
    (out / "results/solved.json").unlink()
    results, _ = grade(class_folder, small_lab, out)
    assert results["=cmd"]["score"] == results["solved"]["score"] == 10.0
    assert kept.stat().st_mtime_ns == before


def test_seed_changes_the_inputs_not_the_grade(class_folder, small_lab, tmp_path):
    one, _ = grade(class_folder, small_lab, tmp_path / "one", seed=1)
    two, _ = grade(class_folder, small_lab, tmp_path / "two", seed=2)
    assert {n: r["score"] for n, r in one.items()} == {n: r["score"] for n, r in two.items()}
    assert one["=cmd"] != two["=cmd"]


def test_no_submission(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no `\.py` or `\.ipynb`"):
        submissions_in([tmp_path])
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        submissions_in([tmp_path / "nowhere"])


def test_odd_names(tmp_path, small_lab):
    folder = tmp_path / "class"
    names = ["a/b", "a-b", "<img src=x>", "[red]", "# Full marks", "x" * 240, "-rf", "ü"]
    for name in names:
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(submission(NORM))
    with open(os.fsencode(folder) + b"/\xff\xfe.py", "w") as file:
        file.write(submission(NORM))
    (folder / "WORK.PY").write_text(submission(NORM))
    results, left_out = grade(folder, small_lab, tmp_path / "grades")
    assert len(results) == len(names) + 1
    assert all(result["score"] == 10.0 for result in results.values())
    assert all(name.isascii() and len(name) < 120 for name in results)
    assert [file.name for file in left_out] == ["WORK.PY"]


def test_damaged_earlier_result_is_graded_again(class_folder, small_lab, tmp_path):
    out = tmp_path / "grades"
    (out / "results").mkdir(parents=True)
    (out / "results/ann.json").write_bytes(b"\xff")
    (out / "results/solved.json").write_text("[]")
    results, _ = grade(class_folder, small_lab, out)
    assert results["ann"]["score"] == results["solved"]["score"] == 10.0


def test_name_of_the_same_file_in_two_folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.py").write_text(submission(NORM, SCALE))
    found, _ = submissions_in([tmp_path])
    assert sorted(found) == ["a-work", "b-work"]
