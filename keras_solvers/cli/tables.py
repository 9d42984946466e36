"""Tables on the terminal."""

from rich.markup import escape
from rich.table import Table


def rich_table(table):
    """A `keras_solvers` table of results, as Rich prints it."""
    drawn = Table(*map(escape, table.columns), title=escape(table.title))
    for row in table.rows:
        drawn.add_row(*map(escape, row))
    drawn.caption = escape(table.caption) or None
    return drawn


def labs_table(labs):
    table = Table("lab", "title", "minutes", "points", "prerequisites", title="labs")
    for lab in labs:
        about = lab.about
        before = ", ".join(about["prerequisites"]) or "none"
        table.add_row(lab.name, about["title"], f"{about['minutes']}", f"{lab.points:g}", before)
    return table


def grades_table(results, lab):
    """Points of each submission; of one alone, each check."""
    if len(results) == 1:
        ((name, result),) = results.items()
        table = Table("check", "points", "", title=f"{name}: {result['score']:g} of {lab.points:g}")
        for test in result["tests"]:
            points = f"{test['score']:g} / {test['max_score']:g}"
            table.add_row(escape(test["name"]), points, escape(test["output"]))
        table.caption = escape(result["output"])
        return table
    table = Table("submission", "points", "notes", title=f"lab {lab.number}, {lab.points:g} points")
    for name, result in sorted(results.items()):
        notes = "" if result["output"] == "Graded." else result["output"]
        table.add_row(escape(name), f"{result['score']:g}", escape(notes))
    return table
