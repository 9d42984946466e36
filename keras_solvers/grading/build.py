"""Notebooks and scripts for students, made from a lab's one source."""

import jupytext
import nbformat

from keras_solvers.grading import files, source


class LabFaultError(ValueError):
    """A lab does not hold what it promises."""


def check_source(lab):
    """Raises `LabFaultError` if stubs and solutions drift apart or outputs are in the source."""
    problems = [
        f"task {name}: {problem}"
        for name, code in lab.tasks.items()
        for problem in source.drift(code)
    ]
    known = set(lab.tasks)
    problems += [
        f"check {check.name} belongs to no task ({check.task})"
        for check in lab.checks
        if check.task not in known
    ]
    if problems:
        raise LabFaultError(f"{lab.name}: " + "; ".join(problems))


def write_student(lab, folder, suffixes=(".ipynb", ".py")):
    """Writes `NN_slug.ipynb` and `NN_slug.py` for students; returns their paths."""
    notebook = lab.notebook if lab.released else source.student_version(lab.notebook)
    return [write_notebook(notebook, folder / f"{lab.name}{suffix}") for suffix in suffixes]


def write_notebook(notebook, path):
    with files.replacing(path) as temporary:
        if path.suffix == ".ipynb":
            nbformat.write(notebook, temporary)
        else:
            temporary.write_text(jupytext.writes(notebook, fmt="py:percent"))
    return path
