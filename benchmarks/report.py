"""`python -m benchmarks report`: one page of all results, and their figures in all other pages."""

from benchmarks import pages
from benchmarks.harness import RESULTS, number, reached
from keras_solvers import applications


def report(documents):
    """Markdown page of `{name: content of its results file}`: missed targets, then all figures."""
    names = ordered(documents)
    rows = [row for name in names for row in documents[name]["figures"]]
    missed = [row for row in rows if met(row) is False]
    num_targets = sum(met(row) is not None for row in rows)
    sections = [
        f"# Results\n\n{len(missed)} missed of {num_targets} targets. Medians over seeds; the "
        "spread is the largest value less the smallest, empty where there is one. A line without a "
        "target is shown for comparison."
    ]
    if missed:
        sections.append("## Missed targets\n\n" + table(missed))
    for name in names:
        figures = table(documents[name]["figures"])
        sections.append(f"## {title(name)}\n\n{headers(name, documents[name])}\n\n{figures}")
    return "\n\n".join(sections) + "\n"


def ordered(documents):
    """Names of the benchmarks in the order of their applications, then those of none."""
    of_applications = [pages.benchmark(name) for name in applications.names()]
    names = dict.fromkeys([*of_applications, *sorted(documents)])
    return [name for name in names if name in documents]


def title(name):
    """The applications that a benchmark measures, or its own name."""
    of_package = [each for each in applications.names() if pages.benchmark(each) == name]
    return " and ".join(of_package or [name])


def headers(name, document):
    """One line for each distinct header, with the parts that it covers."""
    parts = {}
    for part, header in document["parts"].items():
        machine = header["machine"]
        versions = ", ".join(f"{k} {v}" for k, v in header["versions"].items() if v)
        cores = f"{machine['cores']} core{'s' * (machine['cores'] != 1)}"
        line = (
            f"{header['date']}, commit {header['commit']}, {machine['processor']}, {cores}, "
            f"{header['seeds']} seed{'s' * (header['seeds'] != 1)}, Python {header['python']}, "
            f"{versions}"
        )
        parts.setdefault(line, []).append(part)
    lines = [f"- {', '.join(covered)}: {line}." for line, covered in parts.items()]
    return f"Printed by `python -m benchmarks {name}`.\n\n" + "\n".join(lines)


def met(row):
    if row["target"] is None:
        return None
    return reached(row["measured"], row["target"], row["better"])


def table(rows):
    """Markdown table of figures."""
    lines = ["| figure | measured | spread | target | met |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        sign = "≤" if row["better"] == "lower" else "≥"
        cells = (
            row["figure"].replace("|", "\\|"),
            f"{number(row['measured'])} {row['unit']}".strip(),
            number(row["spread"]) if len(row["values"]) > 1 else "",
            "" if row["target"] is None else f"{sign} {number(row['target'])}",
            {None: "", True: "yes", False: "**no**"}[met(row)],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments=()):
    documents = pages.documents()
    (RESULTS / "README.md").write_text(report(documents))
    for path in pages.paths():
        path.write_text(pages.refreshed(path.read_text(), documents))
    print("written: the page of all results, and the figures of the other pages")
