"""The rules of import: which part of the library may know which."""

import ast
import graphlib
import importlib
import pathlib

import pytest

from keras_solvers import applications

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = ROOT / "keras_solvers"
# A file may import from its own part and from those on floors below, never from its neighbours.
FLOORS = (
    ("ideas",),  # the files at the top of the package
    ("numerics",),
    ("networks", "training", "data", "export"),
    ("pinn",),
    ("applications",),
    ("views",),
    ("cli",),
)
VIEWS = {"layers", "models", "problems", "classic"}
SHARED = {"application", "settings", "execution"}  # of all applications


def part_of(module):
    """The part of the library that a module belongs to."""
    names = module.split(".")[1:]
    if names and names[0] in VIEWS:
        return "views"
    if names == ["__main__"]:
        return "cli"
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return names[0] if names and names[0] in packages else "ideas"


def floor(part):
    return next(number for number, parts in enumerate(FLOORS) if part in parts)


def imports(source, inside_functions=True):
    """`(module, name)` of all imports of the library in a source; `name` is `None` of a module."""
    tree = ast.parse(source)
    nodes = ast.walk(tree) if inside_functions else tree.body
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keras_solvers"):
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            names = (alias.name for alias in node.names)
            yield from ((name, None) for name in names if name.split(".")[0] == "keras_solvers")


def is_module(name):
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imported_module(module, name):
    """The file that an import reads, not the package that it is in."""
    return f"{module}.{name}" if name and is_module(f"{module}.{name}") else module


def application_of(module):
    """Name of the application's package that a module is in, or `None`."""
    names = module.split(".")
    inside = names[1:2] == ["applications"] and len(names) > 2 and names[2] not in SHARED
    return names[2] if inside else None


def faults(module, source):
    """Sentences about imports of a module that the rules forbid."""
    part, application = part_of(module), application_of(module)
    for base, name in imports(source):
        target = imported_module(base, name)
        other = part_of(target)
        if "grading" in (part, other):
            if part not in ("grading", "cli") or (part == "grading" != other):
                yield f"{module} imports {target}: the grader stands by itself"
        elif other != part and floor(other) >= floor(part):
            yield f"{module} imports {target}: {part} knows nothing of {other}"
        elif application_of(target) not in (None, application):
            declared = [
                used
                for run in applications.names()
                if application_of(applications.load(run).runner) == application
                for used in applications.load(run).uses
            ]
            if application_of(target) not in declared or target.count(".") > 2:
                yield f"{module} imports {target}: not declared, or not by its public names"


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        names = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(names).removesuffix(".__init__"), path.read_text()


def test_imports_point_downwards():
    assert [fault for module, source in modules() for fault in faults(module, source)] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("keras_solvers.solver", "from keras_solvers.numerics import newton"),
        ("keras_solvers.numerics.newton", "from keras_solvers.training import train"),
        ("keras_solvers.networks.mlp", "from keras_solvers.training.train import train"),
        ("keras_solvers.training.train", "    import keras_solvers.pinn.model"),
        ("keras_solvers.pinn.model", "from keras_solvers.applications import digits"),
        ("keras_solvers.applications.digits.run", "from keras_solvers.models import lista"),
        ("keras_solvers.applications.digits.run", "from keras_solvers.cli import main"),
        (
            "keras_solvers.applications.digits.run",
            "from keras_solvers.applications.sparse_coding.lista import lista",
        ),
        (
            "keras_solvers.applications.digits.run",
            "from keras_solvers.applications import sparse_coding",
        ),
        ("keras_solvers.grading.wire", "from keras_solvers import files"),
        ("keras_solvers.training.train", "from keras_solvers.grading import wire"),
    ],
)
def test_a_forbidden_import_is_found(module, line):
    source = f"def later():\n{line}" if line.startswith(" ") else line
    assert len(list(faults(module, source))) == 1


def test_no_files_import_each_other():
    graph = {}
    for module, source in modules():
        top = imports(source, inside_functions=False)
        graph[module] = {imported_module(*each) for each in top} - {module}
        # A lazy package imports its files later.
        graph[module] = {each for each in graph[module] if not exports_lazily(each)}
    graphlib.TopologicalSorter(graph).prepare()


def exports_lazily(module):
    path = ROOT / module.replace(".", "/") / "__init__.py"
    return path.is_file() and "lazily(" in path.read_text()


PUBLIC = {
    "keras_solvers",
    "keras_solvers.grading",
    "keras_solvers.plots",
    *(module for module, _ in modules() if exports_lazily(module)),
    *(f"keras_solvers.{view}" for view in VIEWS),
}


def public(module, name):
    """Whether a user may import a name from a module."""
    return module in PUBLIC and name in importlib.import_module(module).__all__


USERS = [
    path
    for pattern in ("labs/*/*.py", "labs/*/*/*.py", "course/*.py")
    for path in sorted(ROOT.glob(pattern))
]


@pytest.mark.parametrize("folder", ["labs", "course"])
def test_labs_and_lectures_import_public_names_only(folder):
    wrong = [
        f"{path.relative_to(ROOT)}: {module}.{name}"
        for path in USERS
        if path.is_relative_to(ROOT / folder)
        for module, name in imports(path.read_text())
        if not public(module, name)
    ]
    assert wrong == []
