"""Runs a lab's notebook with its solutions, as a reader would."""

import os
import time

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbconvert import HTMLExporter

from keras_solvers.grading import files, source
from keras_solvers.grading.build import LabFaultError, write_notebook

CELL_SECONDS = 60.0  # a reader waits no longer for one cell
_SLOW_MACHINE = 4.0


def write_instructor(lab, folder, progress):
    """Writes the executed notebook and its HTML page; returns `(paths, seconds of the cells)`.

    Raises:
        LabFaultError: If a cell fails.
    """
    notebook = source.instructor_version(lab.notebook)
    seconds = execute(notebook, lab.name, folder, progress)
    path = write_notebook(notebook, folder / f"{lab.name}_solved.ipynb")
    page = folder / f"{lab.name}.html"
    with files.replacing(page) as temporary:
        temporary.write_text(HTMLExporter().from_notebook_node(notebook)[0])
    return [path, page], seconds


def execute(notebook, name, folder, progress):
    """Runs all cells of `notebook` in place, in a fresh kernel; returns the seconds of each.

    Raises:
        LabFaultError: If a cell fails or never ends.
    """
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    bar = progress.add_task(f"run {name}", total=len(code))
    began, seconds = {}, {}

    def start(cell, cell_index):
        began[cell_index] = time.perf_counter()

    def end(cell, cell_index, execute_reply):
        if cell_index in began:
            seconds[cell_index] = time.perf_counter() - began[cell_index]
            progress.advance(bar)

    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=_SLOW_MACHINE * CELL_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=start,
        on_cell_executed=end,
    )
    try:
        client.execute(env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    except (CellExecutionError, CellTimeoutError) as error:
        raise LabFaultError(f"{name} does not run to its end:\n{error}") from error
    return [seconds.get(i, 0.0) for i in code]
