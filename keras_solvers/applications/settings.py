"""Settings of a run: a frozen dataclass whose fields become options, `settings.json` and pages."""

import dataclasses
from collections.abc import Iterable
from typing import Any


def setting(
    default: Any,
    help: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: Iterable[str] = (),
) -> Any:
    """A field of a `Settings` with its bounds and the line that explains it.

    Args:
        default: Value if nothing else is said; `None` where the run chooses by itself.
        help: What it is, in one line.
        minimum: Smallest allowed number, of each entry of a tuple.
        maximum: Largest allowed number.
        choices: Allowed words.
    """
    about = {"help": help, "minimum": minimum, "maximum": maximum, "choices": tuple(choices)}
    return dataclasses.field(default=default, metadata=about)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """What determines the result of a run.

    Fields are numbers, words, truth values and tuples of numbers, or `None`. A subclass is light:
    it imports neither Keras nor a solver, since `--help` reads it.

    Attributes:
        seed: Of data, weights and order.

    Raises:
        ValueError: If a value lies outside its bounds or is none of its choices.
    """

    seed: int = setting(0, "Seed of data, weights and order.", minimum=0)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is not None:
                _check(field, value)


def _check(field: dataclasses.Field, value: Any) -> None:
    low, high = field.metadata["minimum"], field.metadata["maximum"]
    choices = field.metadata["choices"]
    if choices and value not in choices:
        raise ValueError(
            f"`{field.name}` must be one of {', '.join(choices)}. Received: {field.name}={value!r}"
        )
    numbers = value if isinstance(value, tuple) else (value,)
    if low is not None and not all(number >= low for number in numbers):
        raise ValueError(
            f"`{field.name}` must be at least {low:g}. Received: {field.name}={value!r}"
        )
    if high is not None and not all(number <= high for number in numbers):
        raise ValueError(
            f"`{field.name}` must be at most {high:g}. Received: {field.name}={value!r}"
        )
