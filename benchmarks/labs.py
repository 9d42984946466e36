"""`python -m benchmarks labs [NN ...]`: what each lab's grader was proven to do, and its times.

For every lab: the scores of the reference, of a blank one and of the hand-written right and wrong
submissions; the points that attacks earn; the share of automatic mutants that lose points, with
the survivors; the seconds of its notebook. Written to `benchmarks/results/labs.json`.
`--no-mutants` leaves the long part out.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.harness import RESULTS
from keras_solvers import environment, files
from keras_solvers.grading import all_labs, find_lab
from keras_solvers.grading.attacks import AT_IMPORT
from keras_solvers.grading.execute import execute
from keras_solvers.grading.judge import expected_answers
from keras_solvers.grading.proof import attacked, automatic_cases, cases, grade_case, is_killed
from keras_solvers.grading.source import instructor_version
from keras_solvers.grading.worker_process import Worker


def measure(lab, with_mutants, progress):
    """One row of the table: what was measured of a lab."""
    row = {"lab": lab.name, "points": lab.points, "scores": {}, "faults": []}
    with tempfile.TemporaryDirectory() as folder:
        notebook = instructor_version(lab.notebook)
        seconds = execute(notebook, lab.name, Path(folder), progress)
    row["notebook_seconds"], row["slowest_cell_seconds"] = round(sum(seconds)), round(max(seconds))
    answers = expected_answers(lab)
    reference = ()
    with Worker(lab) as worker:
        for case in progress.track(list(cases(lab)), description=f"{lab.number} cases"):
            begin = time.perf_counter()
            lines = grade_case(case, lab, answers, worker, reference)
            score = 100.0 * sum(line.points for line in lines) / lab.points
            row["scores"][case.name] = round(score, 1)
            row["faults"] += case.faults(lines, lab.points)
            if case.name == "reference":
                reference = lines
                row["grading_seconds"] = round(time.perf_counter() - begin, 1)
        attacks = progress.track(
            attacked(lab, answers, worker), len(AT_IMPORT), description="attacks"
        )
        row["attacks"] = dict(attacks)
        if with_mutants:
            row.update(_mutation(lab, answers, worker, progress))
    return row


def _mutation(lab, answers, worker, progress):
    survivors = []
    mutated = list(automatic_cases(lab))
    for task, change, tasks in progress.track(mutated, description=f"{lab.number} mutants"):
        if not is_killed(task, tasks, lab, answers, worker):
            survivors.append(f"{task}, {change}")
    killed = 100.0 * (1.0 - len(survivors) / len(mutated))
    return {"mutants": len(mutated), "killed_percent": round(killed, 1), "survivors": survivors}


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m benchmarks labs")
    parser.add_argument("labs", nargs="*", help="numbers of labs; all if left out")
    parser.add_argument("--no-mutants", action="store_true")
    options = parser.parse_args(arguments)
    path = RESULTS / "labs.json"
    with Progress() as progress:
        for lab in map(find_lab, options.labs) if options.labs else all_labs():
            measured = measure(lab, not options.no_mutants, progress)
            rows = _rows(path)  # read late: another process may have measured another lab
            rows[lab.name] = {**rows.get(lab.name, {}), **measured}
            ordered = [rows[name] for name in sorted(rows)]
            files.write_json(path, {"header": environment.header(), "labs": ordered})
            Console().print_json(json.dumps(rows[lab.name]))


def _rows(path):
    if not path.is_file():
        return {}
    return {row["lab"]: row for row in json.loads(path.read_text())["labs"]}
