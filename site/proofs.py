"""The page of what each lab's grader was measured to do."""

import json

from benchmarks.harness import RESULTS
from keras_solvers.grading import find_lab

_INTRODUCTION = """# What the graders were proven to do

Measured by `python -m benchmarks labs`: wrong submissions lose points in the check named for them;
mutants are automatic changes of the solution; attacks stand in place of the last task.
"""
_COLUMNS = (
    "lab",
    "minutes to work",
    "points",
    "notebook [s]",
    "slowest cell [s]",
    "grading [s]",
    "wrong submissions caught",
    "honest ones",
    "mutants killed",
    "attacks that earn a point",
)


def page():
    rows = [_COLUMNS, ["---"] * len(_COLUMNS)]
    rows += map(_cells, json.loads((RESULTS / "labs.json").read_text())["labs"])
    return "\n".join([_INTRODUCTION, *(f"| {' | '.join(map(str, row))} |" for row in rows), ""])


def _cells(row):
    scores = row["scores"]
    wrong = [name for name in scores if name.startswith("wrong/")]
    missed = sum(any(name in fault for fault in row["faults"]) for name in wrong)
    honest = [score for name, score in scores.items() if name.startswith("honest/")]
    return (
        row["lab"],
        find_lab(row["lab"][:2]).about["minutes"],
        f"{row['points']:g}",
        row["notebook_seconds"],
        row["slowest_cell_seconds"],
        row["grading_seconds"],
        f"{len(wrong) - missed} of {len(wrong)}",
        f"{min(honest):g} to {max(honest):g} %",
        f"{row['killed_percent']:g} % of {row['mutants']}" if "mutants" in row else "",
        f"{sum(points > 0 for points in row['attacks'].values())} of {len(row['attacks'])}",
    )
