"""The judge: it holds the answers, gives the inputs to a worker, and scores what comes back."""

import dataclasses
import functools
import zlib

import numpy as np

from keras_solvers.grading.scoring import Answer, RejectedAnswerError, Verdict
from keras_solvers.grading.submission import UnreadableSubmissionError, read_bytes, submission


@dataclasses.dataclass(frozen=True)
class Line:
    """The result of one check."""

    check: object
    verdict: Verdict
    problem: str = ""

    @property
    def points(self):
        return round(self.check.points * self.verdict.share, 2)


@dataclasses.dataclass(frozen=True)
class Grade:
    """The grade of one file.

    Attributes:
        path: The file.
        lab: The lab.
        lines: A `Line` for each check; empty if the file could not be read.
        notes: Sentences for the student about the file as a whole.
    """

    path: object
    lab: object
    lines: tuple = ()
    notes: tuple = ()

    @property
    def points(self):
        return round(sum(line.points for line in self.lines), 2)

    @property
    def percent(self):
        return 100.0 * self.points / self.lab.points


def expected_answers(lab):
    """The functions in the lab's `expected.py`, by the name of their check.

    Raises:
        ValueError: If the lab is a released one, or a check has no function.
    """
    if lab.released:
        raise ValueError(
            f"{lab.folder} is the student's version of the lab: it has no answers to grade by. "
            "Use `keras-solvers lab check`, or grade in the instructor's checkout."
        )
    namespace = {"__name__": "expected"}
    path = lab.folder / "expected.py"
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    missing = [check.name for check in lab.checks if check.name not in namespace]
    if missing:
        raise ValueError(f"{path} scores nothing for: {', '.join(missing)}")
    return {
        check.name: functools.partial(namespace[check.name], **lab.limits(check.name))
        for check in lab.checks
    }


def grade_file(path, lab, answers, worker, seed=0):
    """The `Grade` of a file.

    Args:
        path: The file that was handed in.
        lab: The lab.
        answers: Its `expected_answers`.
        worker: The `Worker` that runs the code.
        seed: Seed of the inputs of the checks.
    """
    try:
        work = submission(worker.read_submission(read_bytes(path), path.suffix), lab)
    except UnreadableSubmissionError as error:
        return Grade(path, lab, notes=(str(error),))
    return Grade(
        path, lab, tuple(grade_tasks(work.tasks, lab, answers, worker, seed=seed)), work.notes
    )


def task_cells_of(lab, tasks):
    """`[(kind, name, code)]`: the student's tasks among the lab's given cells, in its order."""
    return [
        (cell.kind, cell.name, tasks[cell.name] if cell.kind == "task" else cell.code)
        for cell in lab.cells
        if cell.kind == "given" or (cell.kind == "task" and cell.name in tasks)
    ]


def grade_tasks(tasks, lab, answers, worker, checks=None, seed=0):
    """Yields the `Line` of each of `checks`, of all if it is None, for `{task: code}`."""
    cells = task_cells_of(lab, tasks)
    for check in lab.checks if checks is None else checks:
        if check.task in tasks:
            yield _line(check, answers[check.name], _up_to(check.task, cells), worker, seed)
        else:
            yield Line(check, Verdict(0.0, "nothing", ""), f"there is no cell of `{check.task}`")


def _up_to(task, cells):
    """The cells that a task may build on: what comes later in the lab cannot harm it."""
    names = [name for _, name, _ in cells]
    return cells[: names.index(task) + 1]


def _line(check, expected, cells, worker, seed):
    # The seed of a check does not depend on the others, so that a new check changes no grade.
    rng = np.random.default_rng([seed, zlib.crc32(check.name.encode())])
    case = expected(rng)
    arrays, problem = worker.attempt(check, cells, next(case))
    if problem:
        return Line(check, Verdict(0.0, "no answer", ""), problem)
    try:
        case.send(Answer(arrays))
    except StopIteration as end:
        return Line(check, end.value)
    except RejectedAnswerError as error:
        return Line(check, Verdict(0.0, "an answer of the wrong kind", ""), str(error))
    except Exception as error:  # an answer nobody thought of must not stop the others
        problem = f"the answer cannot be scored ({type(error).__name__}); show it to the instructor"
        return Line(check, Verdict(0.0, "a strange answer", ""), problem)
    raise RuntimeError(f"`{check.name}` in expected.py must yield once and return a Verdict")
