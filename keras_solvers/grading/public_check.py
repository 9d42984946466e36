"""Public checks: a student's value beside its target, in the notebook and on the command line."""

import dataclasses
import html

import numpy as np


@dataclasses.dataclass(frozen=True)
class PublicCheck:
    """The result of a check; shown when it is the value of a notebook cell.

    Attributes:
        passed: Whether the value is the target.
        name: What was checked.
        value: The student's value, in words.
        target: The target, in words.
        hint: What to do if it failed.
    """

    passed: bool
    name: str
    value: str
    target: str
    hint: str = ""

    def __repr__(self):
        mark = "PASS" if self.passed else "FAIL"
        hint = "" if self.passed or not self.hint else f"\n     Hint: {self.hint}"
        return f"{mark} {self.name}\n     value:  {self.value}\n     target: {self.target}{hint}"

    def _repr_html_(self):
        colour = "#2e7d32" if self.passed else "#b3261e"
        return f'<pre style="color:{colour}">{html.escape(repr(self))}</pre>'


def check(name, function, target, rtol=1e-6, atol=1e-12, hint=""):
    """Compares the value of a function with its target.

    Args:
        name: What is checked.
        function: Called without arguments, so that an error in it is a failed check.
        target: Number or array, also the shape expected.
        rtol: Tolerance relative to the largest entry of the target.
        atol: Absolute tolerance.
        hint: What to do if the check fails.
    """
    target = np.asarray(target)

    def judge(value):
        limit = atol + rtol * float(np.max(np.abs(target), initial=0.0))
        return value.shape == target.shape and bool(np.all(np.abs(value - target) <= limit))

    return _checked(name, function, judge, _words(target), hint)


def check_range(name, function, low, high, hint=""):
    """As `check`, for a number that lies between `low` and `high`."""

    def judge(value):
        return value.shape == () and bool(low <= value <= high)

    return _checked(name, function, judge, f"between {low:g} and {high:g}", hint)


def _checked(name, function, judge, target, hint):
    try:
        value = np.asarray(function())
        if value.dtype.kind not in "biuf":
            return PublicCheck(False, name, f"no numbers, but {value.dtype}", target, hint)
        return PublicCheck(judge(value), name, _words(value), target, hint)
    except NotImplementedError:
        return PublicCheck(False, name, "not written yet", target, hint)
    except Exception as error:
        return PublicCheck(False, name, f"{type(error).__name__}: {error}"[:300], target, hint)


def _words(value):
    first = np.array2string(np.ravel(value)[:8], precision=6, separator=", ", max_line_width=200)
    if value.ndim == 0:
        return first[1:-1]
    more = "" if value.size <= 8 else f" and {value.size - 8} more"
    return f"{first}{more}, shape {value.shape}"
