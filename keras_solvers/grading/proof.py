"""Proof that a lab grades what it says: right, blank, wrong and mutated submissions.

Beside a lab stand `wrong/*.py` (submissions with a typical mistake each) and `honest/*.py` (other
right solutions): the cells of the tasks that differ from the solution, below a header of comments

    # score: 70-80
    # caught by: fit_ridge

in percent of all points; `caught by` names checks of which each loses points.
"""

import dataclasses
import re

from keras_solvers.grading import source
from keras_solvers.grading.attacks import AT_IMPORT
from keras_solvers.grading.judge import grade_tasks
from keras_solvers.grading.mutation import mutants


@dataclasses.dataclass(frozen=True)
class Case:
    """A submission whose grade is known beforehand.

    Attributes:
        name: Its name.
        tasks: `{task: code}`.
        low: Lowest score that is right, in percent.
        high: Highest score that is right, in percent.
        caught_by: Names of checks that must take points away.
    """

    name: str
    tasks: dict
    low: float
    high: float
    caught_by: tuple = ()

    def faults(self, lines, points):
        """What is wrong about a grade of this submission, as sentences, best none."""
        score = 100.0 * sum(line.points for line in lines) / points
        lost = {line.check.name for line in lines if line.verdict.share < 1.0}
        if not self.low - 1e-9 <= score <= self.high + 1e-9:
            yield f"{self.name} scored {score:.1f} %, expected {self.low:g} to {self.high:g} %"
        for check in self.caught_by:
            if check not in lost:
                yield f"{self.name} was not caught by {check}"


def blank_tasks(lab):
    return {name: source.with_hole(code) for name, code in lab.tasks.items()}


def cases(lab):
    """All hand-written cases of a lab: reference, blank, wrong ones, honest ones."""
    yield Case("reference", lab.tasks, 99.0, 100.0)
    yield Case("blank", blank_tasks(lab), 0.0, 0.0)
    for path in sorted((lab.folder / "honest").glob("*.py")):
        yield Case(f"honest/{path.stem}", _tasks(lab, path), 95.0, 100.0)
    for path in sorted((lab.folder / "wrong").glob("*.py")):
        header = dict(re.findall(r"^# ([a-z ]+): (.+)$", path.read_text(), re.MULTILINE))
        low, high = map(float, header["score"].split("-"))
        caught_by = tuple(header["caught by"].replace(",", " ").split())
        yield Case(f"wrong/{path.stem}", _tasks(lab, path), low, high, caught_by)


def _tasks(lab, path):
    cells = source.cells(source.read_notebook(path))
    changed = {cell.name: cell.code for cell in cells if cell.kind == "task"}
    unknown = changed.keys() - lab.tasks.keys()
    if unknown or not changed:
        raise ValueError(f"{path} changes no task of the lab. Received: {sorted(unknown)}")
    return {**lab.tasks, **changed}


def grade_case(case, lab, answers, worker, reference=()):
    """The lines of the grade of a case, all checks.

    Args:
        case: The `Case`.
        lab: The lab.
        answers: Its `expected_answers`.
        worker: A `Worker` of the lab.
        reference: Lines of the solution; those of checks that no changed task can touch, since a
            check runs the cells up to its own task, are taken from there.
    """
    names = list(lab.tasks)
    changed = [i for i, name in enumerate(names) if case.tasks[name] != lab.tasks[name]]
    first = min(changed, default=0)
    known = {line.check.name: line for line in reference}
    todo = [c for c in lab.checks if c.name not in known or names.index(c.task) >= first]
    lines = {line.check.name: line for line in grade_tasks(case.tasks, lab, answers, worker, todo)}
    return [lines.get(check.name) or known[check.name] for check in lab.checks]


def automatic_cases(lab):
    """`[(task, change, tasks)]` of all automatic mutants of the solution."""
    for name, code in lab.tasks.items():
        for what, changed in mutants(code):
            yield name, what, {**lab.tasks, name: changed}


def attacked(lab, answers, worker, attacks=AT_IMPORT):
    """Yields `(attack, points)`: what the last task earns if its cell holds an attack, not work.

    The other tasks are solved, so the attack has all that a submission may have before it.
    """
    name, code = list(lab.tasks.items())[-1]
    checks = [check for check in lab.checks if check.task == name]
    for attack, hostile in attacks.items():
        tasks = {**lab.tasks, name: f"{hostile}\n{source.with_hole(code)}"}
        lines = grade_tasks(tasks, lab, answers, worker, checks)
        yield attack, sum(line.points for line in lines)


def is_killed(task, tasks, lab, answers, worker):
    """Whether a mutant of a task loses points: in a check of that task, else in a later one."""
    names = list(lab.tasks)
    later = names[names.index(task) + 1 :]
    checks = sorted(
        (check for check in lab.checks if check.task == task or check.task in later),
        key=lambda check: names.index(check.task),
    )
    return any(
        line.verdict.share < 1.0 for line in grade_tasks(tasks, lab, answers, worker, checks)
    )
