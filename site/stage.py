"""`python site/stage.py FOLDER`: gathers the sources of the site in one folder, for Sphinx.

Pages stand where the repository has them, so that their links hold: the README is the first page,
the docs as they are, lectures and labs as notebooks (labs without solutions). Pages of
applications, of public names and of the graders' proofs are written by the files beside this one.
"""

import re
import shutil
import sys
from pathlib import Path

import api
import gallery
import nbformat
import proofs

from keras_solvers.grading import all_labs
from keras_solvers.grading.source import read_notebook, student_version

ROOT = Path(__file__).parents[1]
COPIED = ("CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "benchmarks/results/README.md")


def stage(folder):
    """Writes all sources into `folder`, which is emptied first, but for cached executions."""
    for name in ("_static", "api", "benchmarks", "course", "docs", "labs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("_static", "api", "benchmarks/results", "course", "labs"):
        (folder / name).mkdir(parents=True)
    for path in (ROOT / "site").glob("*.py"):
        shutil.copy(path, folder)
    shutil.copy(ROOT / "site" / "style.css", folder / "_static")
    shutil.copytree(ROOT / "docs", folder / "docs")
    for name in COPIED:
        shutil.copy(ROOT / name, folder / name)
    contents = (ROOT / "site" / "contents.md").read_text()
    (folder / "index.md").write_text((ROOT / "README.md").read_text() + contents)

    for path in sorted((ROOT / "course").glob("[0-9][0-9]_*.py")):
        write_notebook(read_notebook(path), folder / "course" / f"{path.stem}.ipynb")
    for lab in all_labs():
        write_notebook(student_version(lab.notebook), folder / "labs" / f"{lab.name}.ipynb")
    (folder / "labs" / "proofs.md").write_text(proofs.page())
    gallery.write(folder / "docs" / "applications")
    api.write(folder / "api")


def write_notebook(notebook, path):
    """Writes a notebook in whose tables a bar inside of a formula is no end of a cell."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n".join(map(_with_bars_as_commands, cell.source.splitlines()))
    nbformat.write(notebook, path)


def _with_bars_as_commands(line):
    if not line.startswith("|"):
        return line
    return re.sub(r"\$[^$]+\$", lambda formula: formula[0].replace("|", r"\vert "), line)


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
