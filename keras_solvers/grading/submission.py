"""What a student handed in: the code of the tasks, and nothing else."""

import dataclasses
import stat

from keras_solvers.grading import source

LIMIT = 20_000_000  # bytes of a file; one with all its pictures stays far below
_CODE_LIMIT = 50_000  # characters of one task


class UnreadableSubmissionError(ValueError):
    """The file cannot be graded at all; the message says why."""


@dataclasses.dataclass(frozen=True)
class Submission:
    """The tasks of one student.

    Attributes:
        tasks: `{task: code}` of the tasks that the file holds.
        notes: What was odd about the file, in sentences for the student.
    """

    tasks: dict
    notes: tuple = ()


def read_bytes(path):
    """The bytes of a file that was handed in.

    Raises:
        UnreadableSubmissionError: If it is too large, of another kind, or cannot be opened.
    """
    if path.suffix not in (".py", ".ipynb"):
        raise UnreadableSubmissionError(
            f"A submission is a `.py` or `.ipynb` file. Received: {path.name}"
        )
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):  # a link may lead to the solution
            raise UnreadableSubmissionError("It is no regular file: hand in the file itself.")
        size = status.st_size
        if size > LIMIT:
            raise UnreadableSubmissionError(
                f"The file has {size / 1e6:.0f} MB, more than {LIMIT / 1e6:.0f}. "
                "Clear the outputs of the notebook and hand it in again."
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableSubmissionError(f"The file cannot be opened: {error.strerror}.") from error


def task_cells(data, suffix):
    """`[(task, code)]` of the bytes of a file; runs in the sandbox, where a file may do its worst.

    Raises:
        UnreadableSubmissionError: If the bytes are no notebook.
    """
    try:
        cells = source.cells(source.parse(data.decode("utf-8"), suffix))
    except (Exception, RecursionError) as error:  # whatever a damaged file makes the parser raise
        raise UnreadableSubmissionError(
            f"The file cannot be read as a notebook ({type(error).__name__}). Open it in Jupyter, "
            "save it, and hand it in again."
        ) from error
    return [(cell.name, cell.code) for cell in cells if cell.kind == "task"]


def submission(cells, lab):
    """The `Submission` of the task cells of a file.

    A task that is there twice counts with its last version that was worked on; the order of the
    cells does not matter.
    """
    blank = {name: source.with_hole(code).strip() for name, code in lab.tasks.items()}
    found, notes = {}, []
    for name, code in cells:
        if name not in blank:
            notes.append(f"There is no task `{name[:60]}` in this lab; its cell was left out.")
        elif len(code) > _CODE_LIMIT:
            notes.append(f"The cell of task `{name}` is too long; it was left out.")
        else:
            found.setdefault(name, []).append(code)
    for name, versions in found.items():
        if len(versions) > 1:
            notes.append(
                f"Task `{name}` is there {len(versions)} times; the last version that was "
                "worked on counts."
            )
    tasks = {
        name: next((v for v in reversed(versions) if v.strip() != blank[name]), versions[-1])
        for name, versions in found.items()
    }
    missing = [name for name in blank if name not in tasks]
    if missing:
        notes.append(f"There is no cell for: {', '.join(missing)}. Cells are found by their tag.")
    return Submission(tasks, tuple(notes[:10]))
