"""Grades as files: Gradescope's JSON, feedback in Markdown, one CSV."""

import csv
import json

from keras_solvers.grading import files


def gradescope(grade, about):
    """The grade in the shape of Gradescope's `results.json`.

    Args:
        grade: A `Grade`.
        about: What the grade rests on (checksums, seed), kept as `extra_data`.
    """
    return {
        "score": grade.points,
        "output": " ".join(grade.notes) or "Graded.",
        "tests": [
            {
                "name": f"{line.check.task}: {line.check.title}",
                "score": line.points,
                "max_score": line.check.points,
                "output": _sentence(line),
                "visibility": "visible",
            }
            for line in grade.lines
        ],
        "extra_data": about,
    }


def _sentence(line):
    if line.verdict.share >= 1.0:
        return f"Good: {line.verdict.received}."
    if line.problem:
        return f"{_capital(line.problem)}. Hint: {line.check.hint}"
    return (
        f"Received: {line.verdict.received}; target: {line.verdict.target}. Hint: {line.check.hint}"
    )


def _capital(text):
    return text[:1].upper() + text[1:]


def markdown(name, result, lab):
    """Feedback for the student as Markdown, from a Gradescope result."""
    lines = [
        f"# Lab {lab.number}: {lab.about['title']}",
        "",
        f"**{_escape(name)}**: {result['score']:g} of {lab.points:g} points",
        "",
    ]
    if result["output"] != "Graded.":
        lines += [f"> {_escape(result['output'])}", ""]
    if result["tests"]:
        lines += ["| check | points | |", "|---|---|---|"]
    for test in result["tests"]:
        cells = (
            _escape(test["name"]),
            f"{test['score']:g} / {test['max_score']:g}",
            _escape(test["output"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _escape(text):
    text = "".join(c if c.isprintable() else " " for c in text)
    for mark in "\\`*_[]<>|#&":
        text = text.replace(mark, f"\\{mark}")
    return text


def write_grade(folder, name, result, lab):
    files.write_json(folder / "results" / f"{name}.json", result)
    with files.replacing(folder / "feedback" / f"{name}.md") as temporary:
        temporary.write_text(markdown(name, result, lab))


def read_grade(folder, name):
    """The result written for `name` earlier; None if there is none."""
    path = folder / "results" / f"{name}.json"
    try:
        earlier = json.loads(path.read_text())
        return earlier if isinstance(earlier, dict) else None
    except (OSError, ValueError):
        return None


def write_csv(folder, results, lab):
    """One row a submission: `grades.csv`.

    Args:
        folder: Where it goes.
        results: `{name: Gradescope result}`.
        lab: The lab.
    """
    with (
        files.replacing(folder / "grades.csv") as temporary,
        open(temporary, "w", newline="") as file,
    ):
        writer = csv.writer(file)
        checks = [check.name for check in lab.checks]
        writer.writerow(["submission", "points", "percent", *checks, "notes"])
        for name, result in sorted(results.items()):
            scores = [test["score"] for test in result["tests"]] or [0.0] * len(checks)
            percent = round(100.0 * result["score"] / lab.points, 2)
            notes = "" if result["output"] == "Graded." else result["output"]
            writer.writerow([_plain(name), result["score"], percent, *scores, notes])


def _plain(text):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@" else text
