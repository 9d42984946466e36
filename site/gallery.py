"""Pages of the applications, from the registry, the results, and what `docs/applications` says."""

import ast
import dataclasses
import re

import api

from benchmarks import pages, report
from keras_solvers import applications

_KINDS = {"labs": "labs/*/lab.py", "course": "course/*.py"}


def write(folder):
    """Writes a page for each application, and the gallery, beside the hand-written pages."""
    documents = pages.documents()
    for name in applications.names():
        path = folder / f"{name}.md"
        written = path.read_text() if path.is_file() else f"# {name}\n"
        path.write_text(page(name, written, documents))
    (folder / "index.md").write_text(index(documents))


def index(documents):
    """The gallery: a picture, what is solved beside what, and one measured figure of each."""
    lines = ["# Applications", "", "Each is one command, `keras-solvers run NAME`.", ""]
    for name in applications.names():
        about = applications.load(name)
        what, value = pages.headline(documents, name)
        lines += [f"## [{name}]({name}.md)", "", _picture(name, "45%", "right"), ""]
        lines += [f"{about.title}: {about.network}, beside {_listed(about.rivals)}.", ""]
        lines += [f"Measured: {what}: **{value}**", ""]
    return "\n".join(lines)


def page(name, written, documents):
    """Markdown of one application: its title and facts, the hand-written text, and tables."""
    about = applications.load(name)
    title, _, text = written.partition("\n")
    return f"""{title}

{about.title}.

{_picture(name, "100%", "center")}

| | |
| --- | --- |
| network | {about.network} |
| beside | {_listed(about.rivals)} |
| run it | `keras-solvers run {name}` |
| more | {_links(name)} |

{text.strip()}

## Settings

Options of the command, and fields of `{about.settings.__name__}`.

{settings(about.settings)}

## Measured

{measured(name, documents)}
"""


def settings(settings_class):
    """Table of the fields of a `Settings`."""
    lines = ["| option | default | allowed | meaning |", "| --- | --- | --- | --- |"]
    for field in dataclasses.fields(settings_class):
        option = f"`--{field.name.replace('_', '-')}`"
        allowed = _allowed(field.metadata)
        lines.append(f"| {option} | {_default(field)} | {allowed} | {field.metadata['help']} |")
    return "\n".join(lines)


def _default(field):
    if isinstance(field.default, tuple):
        return ", ".join(map(str, field.default))
    return "" if field.default is None else str(field.default)


def _allowed(metadata):
    if metadata["choices"]:
        return ", ".join(f"`{choice}`" for choice in metadata["choices"])
    bounds = (("≥", metadata["minimum"]), ("≤", metadata["maximum"]))
    return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


def measured(name, documents):
    """Figures with targets, missed ones first, and where the others are."""
    benchmark = pages.benchmark(name)
    document = documents.get(benchmark)
    if document is None:
        return f"Not yet: `python -m benchmarks {benchmark}`."
    rows = [row for row in document["figures"] if row["target"] is not None]
    others = len(document["figures"]) - len(rows)
    return (
        f"{report.headers(benchmark, document)}\n\n{report.table(sorted(rows, key=report.met))}\n\n"
        f"{others} more lines, for comparison, are among [all results]"
        "(../../benchmarks/results/README.md)."
    )


def _picture(name, width, align):
    path = pages.ROOT / "docs" / "images" / f"{name}.png"
    if not path.is_file():
        return ""
    options = f":width: {width}\n:align: {align}\n:alt: {applications.load(name).title}"
    return f"```{{image}} ../images/{path.name}\n{options}\n```"


def _listed(words):
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _links(name):
    """Links to the public names of an application, and to labs and lectures that use them."""
    package = f"keras_solvers.applications.{pages.benchmark(name)}"
    links = [f"[public names](../../api/{package}.rst)"]
    for folder, pattern in _KINDS.items():
        for path in sorted(pages.ROOT.glob(pattern)):
            stem = path.parent.name if folder == "labs" else path.stem
            if stem[3:] == name or package in used_packages(path.read_text()):
                kind = "lab" if folder == "labs" else "lecture"
                links.append(f"[{kind} {stem[:2]}](../../{folder}/{stem}.ipynb)")
    return ", ".join(links)


def used_packages(source):
    """Packages of applications from which a program imports something, by whatever name."""
    home = {path: module for module, path in api.paths().items()}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                defined = home.get(f"{node.module}.{alias.name}", "")
                if match := re.match(r"keras_solvers\.applications\.\w+", defined):
                    yield match[0]
