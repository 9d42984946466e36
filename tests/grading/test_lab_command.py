import json
import shutil

import pytest
from lab_samples import NORM, SMALL, submission

from keras_solvers.cli.main import main


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A working folder whose only lab is the small one."""
    shutil.copytree(SMALL, tmp_path / "labs" / "00_small")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KERAS_SOLVERS_LABS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_list(course, capsys):
    assert main(["lab", "list"]) == 0
    assert "00_small" in capsys.readouterr().out


def test_start_check_and_grade(course, capsys):
    assert main(["lab", "start", "0", "mine", "--script"]) == 0
    work = course / "mine" / "00_small.py"
    assert "to be written" in work.read_text()
    capsys.readouterr()

    assert main(["lab", "check", str(work)]) == 1
    text = capsys.readouterr().out
    assert "FAIL scaled ones" in text
    assert "not written yet" in text
    assert "0 of 2 public checks passed" in text
    assert "6 points  norm: norms of a batch" in text

    work.write_text(submission(NORM))
    assert main(["lab", "check", str(work)]) == 0
    assert "PASS norm of (3, 4)" in capsys.readouterr().out

    assert main(["lab", "grade", str(work)]) == 0
    assert "10 of 10" in capsys.readouterr().out
    assert json.loads((course / "grades/results/00_small.json").read_text())["score"] == 10.0


def test_start_never_overwrites_work(course, capsys):
    assert main(["lab", "start", "00"]) == 0
    assert main(["lab", "start", "00"]) == 2
    assert "your work in it" in capsys.readouterr().err


def test_build(course, capsys):
    assert main(["lab", "build", "00"]) == 0
    built = course / "build" / "labs"
    names = sorted(path.name for path in built.iterdir())
    assert names == ["00_small.html", "00_small.ipynb", "00_small.py", "00_small_solved.ipynb"]
    solved = json.loads((built / "00_small_solved.ipynb").read_text())
    assert solved["cells"][-1]["outputs"][0]["text"] == ["6.0\n"]
    assert "np.sqrt(np.sum" not in (built / "00_small.ipynb").read_text()


def test_build_of_a_lab_that_fails_says_where(course, capsys):
    source = course / "labs/00_small/lab.py"
    source.write_text(source.read_text() + "\n# %%\n1 / 0\n")
    assert main(["lab", "build", "00"]) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_build_finds_drift(course, capsys):
    source = course / "labs/00_small/lab.py"
    source.write_text(source.read_text().replace("# --- solution ---", "").replace("# --- end", ""))
    assert main(["lab", "build", "00"]) == 2
    assert "nothing is left for the student" in capsys.readouterr().err


def test_released_lab_has_no_answers_but_can_be_checked(course, capsys, monkeypatch):
    assert main(["lab", "release", "--to", "students"]) == 0
    released = course / "students" / "labs" / "00_small"
    assert sorted(path.name for path in released.iterdir()) == ["lab.py", "lab.toml"]
    assert "np.sqrt(np.sum" not in (released / "lab.py").read_text()
    monkeypatch.chdir(course / "students")
    (course / "students" / "work_00.py").write_text(submission(NORM))
    assert main(["lab", "start", "00", "mine"]) == 0
    assert main(["lab", "check", "work_00.py"]) == 0
    assert main(["lab", "grade", "work_00.py"]) == 2
    assert "has no answers to grade by" in capsys.readouterr().err


def test_release_does_not_overwrite(course, capsys):
    assert main(["lab", "release", "--to", "students"]) == 0
    assert main(["lab", "release", "--to", "students"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["start", "42"], "no such lab"),
        (["check", "work.py"], "Add `--lab NUMBER`"),
        (["grade", "nowhere"], "no file or folder"),
        (["build", "seven"], "no such lab"),
    ],
)
def test_mistakes_of_the_caller(course, capsys, arguments, words):
    (course / "work.py").write_text(submission(NORM))
    assert main(["lab", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_no_labs_at_all(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KERAS_SOLVERS_LABS", str(tmp_path))
    assert main(["lab", "list"]) == 2
    assert "KERAS_SOLVERS_LABS" in capsys.readouterr().err


def test_damaged_lab_toml(course, capsys):
    (course / "labs/00_small/lab.toml").write_text("title = ")
    assert main(["lab", "list"]) == 2
    assert "damaged" in capsys.readouterr().err


def test_fault_of_the_lab_is_not_the_students(course, capsys):
    source = course / "labs/00_small/lab.py"
    source.write_text(source.read_text().replace("import numpy as np", "import nothing_like_it"))
    (course / "work_00.py").write_text(submission(NORM))
    assert main(["lab", "grade", "work_00.py"]) == 2
    assert "cannot run the set-up" in capsys.readouterr().err
    assert not (course / "grades").exists()
