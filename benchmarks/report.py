"""`python -m benchmarks report`: one page of all results, missed targets first."""

import json

from benchmarks.harness import RESULTS, number, reached


def report(documents):
    """Markdown page of `{name: content of its results file}`."""
    rows = [(name, row) for name, document in documents.items() for row in document["figures"]]
    missed = [pair for pair in rows if met(pair[1]) is False]
    parts = [f"# Benchmarks\n\n{len(missed)} missed of {sum(met(r) is not None for _, r in rows)}."]
    if missed:
        parts.append("## Missed targets\n\n" + lines(missed))
    for name, document in documents.items():
        header = document["header"]
        machine = header["machine"]
        versions = ", ".join(f"{k} {v}" for k, v in header["versions"].items() if v)
        parts.append(
            f"## {name}\n\n{header['date']}, {machine['processor']}, {machine['cores']} cores, "
            f"{header['seeds']} seeds, commit {header['commit']}; {versions}. "
            f"Printed by `python -m benchmarks.{name}`.\n\n"
            + lines([(name, row) for row in document["figures"]])
        )
    return "\n\n".join(parts) + "\n"


def met(row):
    if row["target"] is None:
        return None
    return reached(row["measured"], row["target"], row["better"])


def lines(rows):
    """Markdown table."""
    text = ["| figure | measured | spread | target | met |", "| --- | --- | --- | --- | --- |"]
    for _, row in rows:
        sign = "≤" if row["better"] == "lower" else "≥"
        target = "" if row["target"] is None else f"{sign} {number(row['target'])}"
        answer = {None: "", True: "yes", False: "**no**"}[met(row)]
        text.append(
            f"| {row['figure']} | {number(row['measured'])} {row['unit']} "
            f"| {number(row['spread'])} | {target} | {answer} |"
        )
    return "\n".join(text)


def main(arguments=()):
    paths = [path for path in sorted(RESULTS.glob("*.json")) if not path.stem.endswith("-fast")]
    documents = {path.stem: json.loads(path.read_text()) for path in paths}
    documents.pop("labs", None)  # not figures with targets: the site shows them
    page = report(documents)
    (RESULTS / "README.md").write_text(page)
    print(page)
