"""What a student sees before handing in: the public checks, and what the grade will probe."""

from keras_solvers.grading.judge import task_cells_of
from keras_solvers.grading.public_check import PublicCheck
from keras_solvers.grading.submission import read_bytes, submission

_SECONDS = 60.0  # for one public check


def run_public_checks(path, lab, worker):
    """Yields the `PublicCheck`s of a file.

    Raises:
        UnreadableSubmissionError: If the file cannot be read.
    """
    work = submission(worker.read_submission(read_bytes(path), path.suffix), lab)
    for note in work.notes:
        yield PublicCheck(False, "the file", note, "one cell for each task")
    cells = task_cells_of(lab, work.tasks)
    for cell in lab.cells:
        if cell.kind == "check":
            yield _result(cell, worker.public_check(cell.code, cells, _SECONDS))


def _result(cell, fields):
    if "failed" in fields:
        return PublicCheck(False, cell.name, str(fields["failed"])[:300], "no error")
    return PublicCheck(**{name: fields[name] for name in PublicCheck.__dataclass_fields__})
