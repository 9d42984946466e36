"""The course as students get it: no solutions, no answers."""

import re

import jupytext

from keras_solvers.grading import files, source
from keras_solvers.grading.build import check_source

_README = """# Labs

Start a lab into a folder of your own, check it as often as you like, and hand in the one file.

    keras-solvers lab list
    keras-solvers lab start 01 my_work
    keras-solvers lab check my_work/01_fitting.ipynb

Only the cells of the tasks are graded; the rest of the notebook is yours to play with.
"""


def release(labs, folder):
    """Writes the students' version of `labs` into `folder/labs`.

    Raises:
        FileExistsError: If one of them is there.
    """
    for lab in labs:
        check_source(lab)
        if (folder / "labs" / lab.name).exists():
            raise FileExistsError(
                f"{folder / 'labs' / lab.name} exists. Name another folder with `--to`."
            )
    for lab in labs:
        notebook = source.student_version(lab.notebook)
        with files.replacing(folder / "labs" / lab.name / "lab.py") as temporary:
            temporary.write_text(jupytext.writes(notebook, fmt="py:percent"))
        with files.replacing(folder / "labs" / lab.name / "lab.toml") as temporary:
            temporary.write_text(_for_students((lab.folder / "lab.toml").read_text()))
    with files.replacing(folder / "README.md") as temporary:
        temporary.write_text(_README)


def _for_students(about):
    """A `lab.toml` without what the solution reaches and which of its changes nobody notices."""
    tables = re.split(r"^(?=\[)", about, flags=re.MULTILINE)
    hidden = ("[thresholds", "[survivors")
    return "".join(table for table in tables if not table.startswith(hidden)).rstrip() + "\n"
