"""What a proof of a lab or a run of a lecture rests on, as one checksum."""

import ast
import hashlib
import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def lab_fingerprint(folder):
    """Of a lab's own files, the grader, the versions, and the library's files that it imports."""
    own = [path for path in sorted(folder.rglob("*")) if path.suffix in (".py", ".toml")]
    grader = sorted((ROOT / "keras_solvers" / "grading").glob("*.py"))
    return _checksum([*own, *grader, *_library(own)])


def lecture_fingerprint(path):
    return _checksum([path, *_library([path])])


def _checksum(paths):
    digest = hashlib.sha256()
    for path in [ROOT / "constraints.txt", *paths]:
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _library(paths):
    """Files of the library that files import, and those that these import, and so on."""
    found, todo = set(), [path for path in paths if path.suffix == ".py"]
    while todo:
        for module, name in _imports(todo.pop()):
            for path in _files(module, name):
                if path not in found and "grading" not in path.parts:
                    found.add(path)
                    todo.append(path)
    return sorted(found)


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keras_solvers"):
            yield from ((node.module, alias.name) for alias in node.names)


def _files(module, name):
    """The file that holds an imported name, and the package through which it is public."""
    yield from _file(module)
    homes = getattr(importlib.import_module(module), "HOMES", {})
    yield from _file(homes.get(name, f"{module}.{name}"))


def _file(module):
    place = ROOT / module.replace(".", "/")
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            yield path
