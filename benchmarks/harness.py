"""One convention for all benchmarks: a table on the screen and a JSON file of what was measured.

A benchmark is a module with `PARTS`, functions that take `(fast, seeds, progress)` and yield
`Figure`s. `python -m benchmarks NAME [--fast] [--seeds N] [--part PART]` runs them, prints
`figure | measured | spread | target | met`, and writes `benchmarks/results/NAME.json`, or
`NAME-fast.json` with `--fast`. Figures of parts that were not run stay as they were, and each part
keeps the header of its own run.
"""

import argparse
import dataclasses
import json
import math
import statistics
import subprocess
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from keras_solvers import environment, files

RESULTS = Path(__file__).parent / "results"


@dataclasses.dataclass(frozen=True)
class Figure:
    """A published number.

    Attributes:
        figure: What was measured.
        values: Its value for each seed.
        target: What is to be reached; `None` for a line shown for comparison.
        better: "lower" or "higher".
        unit: Unit of the values.
    """

    figure: str
    values: tuple
    target: float | None = None
    better: str = "lower"
    unit: str = ""

    @property
    def measured(self):
        """Median over the seeds."""
        return statistics.median(self.values)

    @property
    def spread(self):
        """Largest minus smallest value."""
        return max(self.values) - min(self.values)

    @property
    def met(self):
        return None if self.target is None else reached(self.measured, self.target, self.better)

    def row(self):
        return {**dataclasses.asdict(self), "measured": self.measured, "spread": self.spread}


def reached(measured, target, better):
    return measured <= target if better == "lower" else measured >= target


def run_benchmark(name, parts, num_seeds, arguments):
    """Runs the parts asked for, prints their table, and writes the results.

    Args:
        name: Name of the benchmark's module.
        parts: `{part: function of (fast, seeds, progress)}`, each yields `Figure`s.
        num_seeds: Number of seeds if the command line names none.
        arguments: Of the command line, after the name.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks {name}")
    parser.add_argument("--fast", action="store_true", help="a short version, for the tests")
    parser.add_argument("--seeds", type=int, default=num_seeds, help="number of seeds")
    parser.add_argument("--part", action="append", choices=list(parts), help="run this part only")
    options = parser.parse_args(arguments)
    path = RESULTS / f"{name}{'-fast' if options.fast else ''}.json"
    headers, rows = read_results(path)
    with Progress() as progress:
        for part in options.part or parts:
            measured = parts[part](options.fast, range(options.seeds), progress)
            rows[part] = [figure.row() for figure in measured]
            headers[part] = {**environment.header(), "seeds": options.seeds, "commit": _commit()}
            write_results(path, headers, rows, part)  # a later part may be interrupted
    Console().print(table(name, [row for part in parts for row in rows.get(part, ())]))
    Console().print(f"written to {path.relative_to(RESULTS.parent.parent)}")


def read_results(path):
    """`({part: header}, {part: rows})` of a results file; empty if there is none."""
    document = json.loads(path.read_text()) if path.is_file() else {"parts": {}, "figures": []}
    rows = {}
    for row in document["figures"]:
        rows.setdefault(row["part"], []).append({k: v for k, v in row.items() if k != "part"})
    return document["parts"], rows


def write_results(path, headers, rows, last):
    """Writes `{"header": that of the last run, "parts": {part: header}, "figures": rows}`."""
    figures = [{"part": part, **row} for part, lines in rows.items() for row in lines]
    parts = {part: headers[part] for part in rows}
    files.write_json(path, {"header": headers[last], "parts": parts, "figures": figures})


def table(title, rows):
    """Rich table of figures."""
    result = Table("figure", "measured", "spread", "target", "met", title=title)
    for row in rows:
        target = row["target"]
        sign = "≤" if row["better"] == "lower" else "≥"
        met = None if target is None else reached(row["measured"], target, row["better"])
        result.add_row(
            row["figure"],
            f"{number(row['measured'])} {row['unit']}",
            number(row["spread"]),
            "" if target is None else f"{sign} {number(target)}",
            {None: "", True: "[green]yes[/]", False: "[bold red]no[/]"}[met],
        )
    return result


def number(value):
    return f"{value:,.0f}" if math.isfinite(value) and abs(value) >= 1e4 else f"{value:.4g}"


def _commit():
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=RESULTS, check=False)
    return done.stdout.strip() or None
