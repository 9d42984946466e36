"""`keras-solvers lab list | start | check | grade | build | release`."""

import re
from pathlib import Path

import typer
from rich.console import Console

from keras_solvers.cli.progress import progress_bars
from keras_solvers.cli.tables import grades_table, labs_table
from keras_solvers.grading.build import check_source, write_student
from keras_solvers.grading.catalog import all_labs, find_lab
from keras_solvers.grading.class_grading import default_jobs, grade_class, submissions_in
from keras_solvers.grading.public_report import run_public_checks
from keras_solvers.grading.release import release as release_labs
from keras_solvers.grading.worker_process import Worker

app = typer.Typer(help="Graded labs: start one, check it, grade a class.")
LAB = typer.Option(None, "--lab", help="Number of the lab; read from the file name if left out.")


@app.command("list")
def list_():
    """List the labs."""
    Console().print(labs_table(all_labs()))


@app.command()
def start(
    lab: str = typer.Argument(help="Number or name, such as 05"),
    folder: Path = typer.Argument(Path("."), help="Where your copy goes."),
    script: bool = typer.Option(False, "--script", help="A Python script, not a notebook."),
):
    """Copy a lab into a folder of your own."""
    found = find_lab(lab)
    suffix = ".py" if script else ".ipynb"
    path = folder / f"{found.name}{suffix}"
    if path.exists():
        raise FileExistsError(f"{path} exists, with your work in it perhaps: name another folder.")
    write_student(found, folder, [suffix])
    Console().print(
        f"{path}\nCheck it as often as you like: keras-solvers lab check {path}", soft_wrap=True
    )


@app.command()
def check(file: Path = typer.Argument(help="Your notebook or script."), lab: str = LAB):
    """Run the public checks of a lab on your file."""
    found = find_lab(lab or _number_in(file))
    console = Console()
    with Worker(found) as worker:
        results = []
        for result in run_public_checks(file, found, worker):
            console.print(repr(result), markup=False, style=None if result.passed else "red")
            results.append(result)
    passed = sum(result.passed for result in results)
    console.print(f"\n{passed} of {len(results)} public checks passed. The grade probes further:")
    for line in found.checks:
        text = f"  {line.points:g} points  {line.task}: {line.title}"
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(0 if passed == len(results) else 1)


@app.command()
def grade(
    paths: list[Path] = typer.Argument(help="Files, or folders of files."),
    lab: str = LAB,
    out: Path = typer.Option(Path("grades"), help="Folder of results, feedback and grades.csv."),
    jobs: int = typer.Option(default_jobs(), min=1, help="Files graded at the same time."),
    seed: int = typer.Option(0, min=0, help="Seed of the hidden inputs; keep it for a class."),
):
    """Grade one file or a whole class; an interrupted run goes on where it was."""
    console = Console()
    found, left_out = submissions_in(paths)
    wanted = find_lab(lab or _number_in(next(iter(found.values()))))
    with progress_bars() as progress:
        results = grade_class(found, wanted, out, jobs=jobs, seed=seed, progress=progress)
    console.print(grades_table(results, wanted))
    for file in left_out:
        console.print(f"left out, it holds no task: {file!r}", soft_wrap=True, markup=False)
    console.print(f"results, feedback and grades.csv: {out}", soft_wrap=True)


@app.command()
def build(
    lab: str = typer.Argument(help="Number or name of the lab"),
    to: Path = typer.Option(Path("build/labs"), help="Folder of what is built."),
):
    """Build the student's notebook and script, the solved notebook and its page."""
    # Only this command runs notebooks: the others work without a Jupyter kernel.
    from keras_solvers.grading.execute import write_instructor

    found = find_lab(lab)
    check_source(found)
    paths = write_student(found, to)
    with progress_bars() as progress:
        solved, seconds = write_instructor(found, to, progress)
    for path in [*paths, *solved]:
        Console().print(str(path), soft_wrap=True)
    Console().print(f"{sum(seconds):.0f} s in all, the slowest cell {max(seconds):.0f} s")


@app.command()
def release(
    labs: list[str] = typer.Argument(None, help="Numbers of the labs; all if left out."),
    to: Path = typer.Option(..., help="Folder that students get."),
):
    """Write the students' version of the labs: no solutions, no answers."""
    chosen = [find_lab(name) for name in labs] if labs else all_labs()
    release_labs(chosen, to)
    Console().print(f"{len(chosen)} labs released to {to}", soft_wrap=True)


def _number_in(file):
    """The number of the lab in a file name such as `miller_05_unrolled_ista.ipynb`."""
    names = {lab.name for lab in all_labs()}
    for name in names:
        if name in file.stem or name in file.parent.name:
            return name
    numbers = re.findall(r"(?<!\d)\d\d(?!\d)", file.stem)
    if len(numbers) == 1:
        return numbers[0]
    raise ValueError(f"The name {file.name} does not say which lab it is. Add `--lab NUMBER`.")
