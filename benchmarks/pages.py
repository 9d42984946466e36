"""Figures in the pages of the project: written there by `python -m benchmarks report`, never typed.

A page says which figure it shows, in a comment before it, and `report` fills in the value:
`<!-- sparse_coding: photographs, training -->69.7 s<!---->`. The name is that of a benchmark and
the beginning of one figure. A comment does not start a line: the line would be no Markdown.
Between `<!-- gallery -->` and `<!-- end of gallery -->` stand all applications.
"""

import json
import re
from pathlib import Path

from benchmarks.harness import RESULTS
from keras_solvers import applications

ROOT = Path(__file__).parents[1]
_FIGURE = re.compile(r"<!-- (\w+): ([^>]+?) -->[^<]*<!---->")
_GALLERY = re.compile(r"(<!-- gallery -->\n).*?(<!-- end of gallery -->)", re.DOTALL)


def paths():
    """Pages that show figures."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def documents():
    """`{benchmark: content of its results file}`, of those that have figures."""
    files = [path for path in sorted(RESULTS.glob("*.json")) if not path.stem.endswith("-fast")]
    contents = {path.stem: json.loads(path.read_text()) for path in files}
    return {name: content for name, content in contents.items() if "figures" in content}


def benchmark(application):
    """Name of the benchmark of an application: that of its package."""
    return applications.load(application).runner.split(".")[2]


def figure(documents, benchmark, beginning):
    """The row of the results whose figure is called, or alone begins, like this.

    Raises:
        ValueError: If there is none, or more than one.
    """
    rows = documents.get(benchmark, {"figures": []})["figures"]
    exact = [row for row in rows if row["figure"] == beginning]
    found = exact or [row for row in rows if row["figure"].startswith(beginning)]
    if len(found) != 1:
        raise ValueError(
            f"{len(found)} figures of benchmarks/results/{benchmark}.json begin with "
            f"{beginning!r}; a page or an application's headline must name one."
        )
    return found[0]


def quantity(value, unit):
    """A value to three digits, with its unit."""
    digits = f"{value:,.0f}" if 1e3 <= abs(value) < 1e6 else f"{value:.3g}"
    short = digits.replace("e-0", "e-").replace("e+0", "e")
    return f"{short} {unit}".strip()


def shown(row):
    return quantity(row["measured"], row["unit"])


def headline(documents, application):
    """`(figure, value)` by which an application is known, with the range over its seeds."""
    row = figure(documents, *applications.load(application).headline)
    low, high = (quantity(bound(row["values"]), "") for bound in (min, max))
    between = f" ({low} to {high})" if low != high else ""
    return row["figure"], shown(row) + between


def gallery(documents):
    """Markdown table of all applications, with links from the root of the repository."""
    lines = ["| application | what is solved | measured |", "| --- | --- | --- |"]
    for name in applications.names():
        what, value = headline(documents, name)
        link = f"[{name}](docs/applications/{name}.md)"
        lines.append(f"| {link} | {applications.load(name).title} | {what}: {value} |")
    return "\n".join(lines) + "\n"


def refreshed(text, documents):
    """A page with the figures as they were measured last."""

    def filled(match):
        value = shown(figure(documents, match[1], match[2]))
        return f"<!-- {match[1]}: {match[2]} -->{value}<!---->"

    if "<!-- gallery -->" in text:
        text = _GALLERY.sub(lambda match: match[1] + gallery(documents) + match[2], text)
    return _FIGURE.sub(filled, text)
