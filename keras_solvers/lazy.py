"""Packages whose public names are imported when they are first asked for."""

import importlib
import sys
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Exports = Mapping[str, Mapping[str, tuple[str, ...]]]
_Namespace = tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]


class _LazyPackage(types.ModuleType):
    """A package in which a public name hides a submodule that is called the same.

    The import system binds every submodule to its package, so that without this
    `sparse_coding.lista` would be the function or the file, whichever was imported last.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if not (isinstance(value, types.ModuleType) and name in self.__all__):
            super().__setattr__(name, value)


def lazily(package: str, exports: Exports, subpackages: Iterable[str] = ()) -> _Namespace:
    """Makes the public names of a package, each imported when it is first used.

    Use it in the `__init__.py` of a package, so that importing it costs nothing::

        EXPORTS = {"layers": {"shrinkage": ("Shrinkage",)}}
        __all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)

    Args:
        package: The package's `__name__`.
        exports: `{kind: {submodule: names}}`. Kinds are those of `view`, and "tools".
        subpackages: Names of public subpackages.
    """
    homes = {
        name: f"{package}.{submodule}"
        for submodules in exports.values()
        for submodule, names in submodules.items()
        for name in names
    }
    return _namespace(package, homes, tuple(subpackages))


def view(module: str, packages: Iterable[str]) -> _Namespace:
    """Makes the public names of one kind, the last part of `module`, from those of packages.

    Args:
        module: The `__name__` of the view, such as "keras_solvers.layers".
        packages: Names of packages with `EXPORTS`.

    Raises:
        ImportError: If two packages export the same name.
    """
    kind, homes = module.rpartition(".")[2], {}
    for package in packages:
        for submodule, names in importlib.import_module(package).EXPORTS.get(kind, {}).items():
            for name in names:
                home = f"{package}.{submodule}"
                if name in homes:
                    raise ImportError(f"`{name}` is exported by {homes[name]} and by {home}.")
                homes[name] = home
    return _namespace(module, homes, ())


def _namespace(module: str, homes: dict[str, str], subpackages: tuple[str, ...]) -> _Namespace:
    sys.modules[module].__class__ = _LazyPackage
    vars(sys.modules[module])["HOMES"] = homes  # `{name: module}`, for pages and lists

    def load(name: str) -> Any:
        if name in homes:
            value = getattr(importlib.import_module(homes[name]), name)
        elif name in subpackages:
            value = importlib.import_module(f"{module}.{name}")
        else:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        vars(sys.modules[module])[name] = value
        return value

    public = sorted({*homes, *subpackages})
    return public, load, lambda: [*public, "__doc__", "__name__"]
