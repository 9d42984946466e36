"""`python -m benchmarks grading`: how steady grades are, how fast, and where full marks lie.

The solution of each lab is graded again and again, with other inputs each time, by as many workers
as there are cores. Thresholds in `lab.toml` must not be above what the solution reaches less two
standard deviations. `--fast` grades lab 00 alone, for the tests.
"""

import functools
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.harness import Figure
from keras_solvers.grading import all_labs
from keras_solvers.grading.judge import expected_answers, grade_tasks
from keras_solvers.grading.worker_process import Worker

GRADES_A_MINUTE = {"00_tour": 40.0}  # NumPy alone; a lab that trains networks takes longer
GRADES_A_MINUTE_WITH_KERAS = 3.0


def regraded(lab, seeds):
    """`([lines of the grade for each seed], seconds)`."""
    answers, jobs = expected_answers(lab), os.cpu_count() or 1

    def grade(share):
        with Worker(lab) as worker:
            return [list(grade_tasks(lab.tasks, lab, answers, worker, seed=seed)) for seed in share]

    begin = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        parts = pool.map(grade, [seeds[first::jobs] for first in range(jobs)])
        return [lines for part in parts for lines in part], time.perf_counter() - begin


def figures(lab, fast, seeds, progress):
    """Spread of the points, grades a minute, and the measured value of each threshold."""
    if fast and lab.number != "00":
        return
    progress.console.print(f"lab {lab.number}: {len(seeds)} grades")
    grades, seconds = regraded(lab, seeds)
    points = [sum(line.points for line in lines) for lines in grades]
    yield Figure(
        f"{lab.name}: spread of regrades", (max(points) - min(points),), 1.0, unit="points"
    )
    pace = GRADES_A_MINUTE.get(lab.name, GRADES_A_MINUTE_WITH_KERAS)
    yield Figure(f"{lab.name}: grades a minute", (60.0 * len(grades) / seconds,), pace, "higher")
    for name in lab.about.get("thresholds", {}):
        values = [_line(lines, name).verdict.value for lines in grades]
        limits = lab.limits(name)
        better = "higher" if limits["full"] > limits["none"] else "lower"
        yield Figure(f"{lab.name}: {name} of the solution", tuple(values), better=better)
        margin = 2.0 * statistics.stdev(values) if len(values) > 1 else 0.0
        cautious = statistics.mean(values) + (margin if better == "lower" else -margin)
        yield Figure(
            f"{lab.name}: {name}, mean and two deviations", (cautious,), limits["full"], better
        )


def _line(lines, name):
    (line,) = (line for line in lines if line.check.name == name)
    return line


NUM_SEEDS = 10
PARTS = {lab.name: functools.partial(figures, lab) for lab in all_labs()}
