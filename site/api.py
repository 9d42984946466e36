"""Pages of all public names: one for each application's package and for each floor below.

What is public stands in the packages' `EXPORTS`. A layer, model, problem or classic solver is
shown by the name that users import, such as `keras_solvers.layers.Shrinkage`.
"""

import functools
import importlib
import inspect
import pkgutil

import keras_solvers

KINDS = {
    "problems": "Problems",
    "classic": "Classic solvers",
    "tools": "Functions and classes",
    "layers": "Layers",
    "models": "Models",
}


@functools.cache
def exports():
    """`{module: {kind: {name: module that defines it}}}` of all modules with public names."""
    return {name: found for name in ["keras_solvers", *_modules()] if (found := _exports_of(name))}


def _modules():
    walked = pkgutil.walk_packages(keras_solvers.__path__, "keras_solvers.")
    return [
        module.name
        for module in walked
        if module.ispkg or (module.name.count(".") == 1 and not module.name.endswith("__main__"))
    ]


def _exports_of(name):
    module = importlib.import_module(name)
    if hasattr(module, "EXPORTS"):
        return {
            kind: {each: f"{name}.{file}" for file, names in files.items() for each in names}
            for kind, files in module.EXPORTS.items()
        }
    if hasattr(module, "HOMES"):  # a view of what others export
        return {}
    public = getattr(module, "__all__", ())
    return {"tools": {each: getattr(module, each).__module__ for each in public}} if public else {}


def path(module, kind, name):
    """The name that users import."""
    return f"{module if kind == 'tools' else f'keras_solvers.{kind}'}.{name}"


@functools.cache
def paths():
    """`{name in the module that defines it: name that users import}`."""
    return {
        f"{home}.{name}": path(module, kind, name)
        for module, kinds in exports().items()  # a part comes after `keras_solvers`
        for kind, names in kinds.items()
        for name, home in names.items()
    }


@functools.cache
def names():
    """`{last part of a name: name that users import}`."""
    return {each.rpartition(".")[2]: each for each in paths().values()}


def write(folder):
    """Writes the pages and their table of contents."""
    modules = list(exports())
    parts = [name for name in modules if ".applications." not in name]
    packages = [name for name in modules if ".applications." in name]
    for name in modules:
        (folder / f"{name}.rst").write_text(page(name))
    (folder / "index.rst").write_text(index(packages, parts))


def index(packages, parts):
    lines = ["API", "===", "", "Public names by application and by the part that they share.", ""]
    for caption, entries in (("Applications", packages), ("Shared by them", parts)):
        lines += [".. toctree::", f"   :caption: {caption}", "   :maxdepth: 1", ""]
        lines += [*(f"   {entry}" for entry in entries), ""]
    for kind, title in KINDS.items():
        view = f"keras_solvers.{kind}."
        links = sorted(each for each in paths().values() if each.startswith(view))
        if links:  # none for "tools"
            lines += [title, "-" * len(title), ""]
            lines += [f"``from keras_solvers.{kind} import ...``", ""]
            lines += [", ".join(f":py:obj:`~{each}`" for each in links) + ".", ""]
    return "\n".join(lines)


def page(module):
    """reStructuredText of one module."""
    title = module.removeprefix("keras_solvers.").removeprefix("applications.")
    lines = [title, "=" * len(title), "", f"``{module}``", ""]
    lines += [f".. automodule:: {module}", "   :no-members:", ""]
    kinds = exports()[module]
    for kind in (each for each in KINDS if each in kinds):
        lines += [KINDS[kind], "-" * len(KINDS[kind]), ""] * (len(kinds) > 1)
        for name, home in kinds[kind].items():
            shown = path(module, kind, name)
            if paths()[f"{home}.{name}"] != shown:  # on the page of the part that it belongs to
                lines += [f":py:obj:`~{paths()[f'{home}.{name}']}`", ""]
                continue
            lines += [*_directive(getattr(importlib.import_module(home), name), shown), ""]
    return "\n".join(lines)


def _directive(thing, shown):
    if not inspect.isclass(thing):
        return [f".. {'autofunction' if inspect.isroutine(thing) else 'autodata'}:: {shown}"]
    kind = "autoexception" if issubclass(thing, Exception) else "autoclass"
    known = [base.__name__ for base in thing.__mro__[1:] if not _is_hidden(base)]
    lines = [f".. {kind}:: {shown}", f"   :inherited-members: {', '.join(known)}"]
    return lines if known == ["object"] else [*lines, "   :show-inheritance:"]


def _is_hidden(base):
    """Whether a class has no place of its own, so that its members are shown where they are had."""
    module, name = base.__module__, base.__name__
    return module.startswith("keras_solvers.") and f"{module}.{name}" not in paths()
