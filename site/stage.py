"""`python site/stage.py FOLDER`: gathers the sources of the site in one folder, for Sphinx.

The docs as they are, lectures and labs as notebooks (labs without solutions), and a page for each
part of the package made of its docstrings.
"""

import importlib
import inspect
import json
import re
import shutil
import sys
import textwrap
from pathlib import Path

import nbformat

from keras_solvers.grading import all_labs, find_lab
from keras_solvers.grading.source import read_notebook, student_version

ROOT = Path(__file__).parents[1]
MODULES = (
    "keras_solvers",
    "keras_solvers.problems",
    "keras_solvers.classic",
    "keras_solvers.staggered",
    "keras_solvers.simulate",
    "keras_solvers.pinn",
    "keras_solvers.diagnose",
    "keras_solvers.laplace",
    "keras_solvers.hmc",
    "keras_solvers.marching",
    "keras_solvers.pde",
    "keras_solvers.pde.equations",
    "keras_solvers.geometry",
    "keras_solvers.derivatives",
    "keras_solvers.layers",
    "keras_solvers.models",
    "keras_solvers.datasets",
    "keras_solvers.training",
    "keras_solvers.compare",
    "keras_solvers.export",
    "keras_solvers.labs",
)
_SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Shapes|Yields):\s*$", re.MULTILINE)


def stage(folder):
    """Writes all sources into `folder`, which is emptied first, but for cached executions."""
    for name in ("docs", "course", "labs", "api"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "site" / "conf.py", folder)
    for page in ("design.md", "closures.md", "flows.md", "labs.md", "migration.md"):
        shutil.copy(ROOT / "docs" / page, folder / "docs")
    shutil.copytree(ROOT / "docs" / "images", folder / "docs" / "images")
    lectures = sorted((ROOT / "course").glob("[0-9][0-9]_*.py"))
    for path in lectures:
        nbformat.write(read_notebook(path), folder / "course" / f"{path.stem}.ipynb")
    labs = all_labs()
    for lab in labs:
        nbformat.write(student_version(lab.notebook), folder / "labs" / f"{lab.name}.ipynb")
    (folder / "labs" / "proofs.md").write_text(proofs_page())
    for module in MODULES:
        (folder / "api" / f"{module}.md").write_text(module_page(module))
    pages = {
        "Lectures": [f"course/{path.stem}" for path in lectures],
        "Labs": [*(f"labs/{lab.name}" for lab in labs), "labs/proofs"],
        "The library": [
            *("docs/design", "docs/closures", "docs/flows", "docs/labs", "docs/migration"),
            *(f"api/{module}" for module in MODULES),
        ],
    }
    (folder / "index.md").write_text(index_page(pages))


def index_page(pages):
    lines = [
        "# keras_solvers",
        "",
        "Neural solvers in Keras 3: networks that answer at once what a classic solver iterates",
        "for, always beside the strongest classic solver of the same problem.",
        "",
        "![Time against error](docs/images/work_precision.png)",
    ]
    for caption, entries in pages.items():
        lines += ["", "```{toctree}", f":caption: {caption}", ":maxdepth: 1", "", *entries, "```"]
    return "\n".join(lines) + "\n"


def proofs_page():
    """The table of what each lab's grader was measured to do."""
    path = ROOT / "benchmarks" / "results" / "labs.json"
    rows = json.loads(path.read_text())["labs"]
    lines = [
        "# What the graders were proven to do",
        "",
        "Measured by `python -m benchmarks labs`: wrong submissions lose points in the check named "
        "for them; mutants are automatic changes of the solution; attacks stand in place of the "
        "last task.",
        "",
        "| lab | minutes to work | points | notebook [s] | slowest cell [s] | grading [s] "
        "| wrong submissions caught | honest ones | mutants killed | attacks that earn a point |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        scores = row["scores"]
        wrong = [name for name in scores if name.startswith("wrong/")]
        missed = sum(any(name in fault for fault in row["faults"]) for name in wrong)
        honest = [score for name, score in scores.items() if name.startswith("honest/")]
        killed = f"{row['killed_percent']:g} % of {row['mutants']}" if "mutants" in row else ""
        cells = (
            row["lab"],
            find_lab(row["lab"][:2]).about["minutes"],
            f"{row['points']:g}",
            row["notebook_seconds"],
            row["slowest_cell_seconds"],
            row["grading_seconds"],
            f"{len(wrong) - missed} of {len(wrong)}",
            f"{min(honest):g} to {max(honest):g} %",
            killed,
            f"{sum(points > 0 for points in row['attacks'].values())} of {len(row['attacks'])}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def module_page(name):
    """Markdown of the docstrings of a module and of its public names."""
    module = importlib.import_module(name)
    public = getattr(module, "__all__", None) or [
        key
        for key, value in vars(module).items()
        if not key.startswith("_") and getattr(value, "__module__", None) == name
    ]
    lines = [f"# {name}", "", _markdown(module.__doc__), ""]
    for key in public:
        thing = getattr(module, key)
        if callable(thing):
            lines += [f"## {key}", "", f"```python\n{key}{_signature(thing)}\n```", ""]
            lines += [_markdown(thing.__doc__), ""]
    return "\n".join(lines)


def _signature(thing):
    try:
        return str(inspect.signature(thing))
    except ValueError:
        return "(...)"


def _markdown(docstring):
    """A docstring, which is Markdown but for its sections, as Markdown."""
    text = inspect.cleandoc(docstring or "").replace("|", "\\|").replace("*", "\\*")
    parts = _SECTION.split(text)
    lines = [parts[0]]
    for title, body in zip(parts[1::2], parts[2::2]):
        entries, _, rest = body.lstrip("\n").partition("\n\n")
        items = re.split(r"\n(?=\S)", textwrap.dedent(entries))
        lines += [f"**{title}**", "", *(f"- {_entry(item)}" for item in items), "", rest.lstrip()]
    return "\n".join(lines)


def _entry(item):
    name, colon, meaning = item.partition(":")
    flat = " ".join(meaning.split())
    return f"`{name}`: {flat}" if colon and " " not in name else " ".join(item.split())


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
