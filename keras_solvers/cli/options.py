"""Options of a command, made of the fields of a `Settings`."""

import dataclasses
import inspect
import re
import types
import typing

import typer

from keras_solvers.applications.settings import Settings


def options(settings: type[Settings]) -> list[inspect.Parameter]:
    """A parameter for each field, with its bounds, choices and line of help, as Typer reads it."""
    hints = typing.get_type_hints(settings)
    return [_option(field, hints[field.name]) for field in dataclasses.fields(settings)]


def _option(field, hint):
    about, kind = field.metadata, _without_none(hint)
    words = {"help": about["help"] + _choices(about["choices"])}
    if kind in (int, float):
        words |= {"min": about["minimum"], "max": about["maximum"]}
    default = field.default
    if typing.get_origin(kind) is tuple:
        default = ",".join(map(str, default))
        words |= {"parser": _parser(typing.get_args(kind)[0]), "metavar": "N,N,..."}
    option = typer.Option(default, **words)
    annotation = str if typing.get_origin(kind) is tuple else hint
    return inspect.Parameter(
        field.name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=annotation
    )


def _without_none(hint):
    if isinstance(hint, types.UnionType):
        (hint,) = (kind for kind in typing.get_args(hint) if kind is not type(None))
    return hint


def _parser(kind):
    def parse(text):
        return numbers(text, kind)

    return parse


def _choices(choices):
    return f" One of: {', '.join(choices)}." if choices else ""


def numbers(text: str, kind: type = int) -> tuple:
    """The numbers of `128x128` or `4,8,16`.

    Raises:
        typer.BadParameter: If it is something else.
    """
    try:
        return tuple(kind(part) for part in re.split("[x,]", text))
    except ValueError:
        raise typer.BadParameter(
            f"expected numbers such as 128x128 or 4,8,16. Received: {text}"
        ) from None
