"""How the judge turns an answer into a share of the points."""

import dataclasses
import math

import numpy as np


class RejectedAnswerError(ValueError):
    """An answer that cannot be scored, such as an array of another shape; it earns nothing."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes:
        share: Share of the points, in `[0, 1]`.
        received: The student's value, in words.
        target: What it is measured against, in words.
        value: The student's value as a number, where points grow with it.
    """

    share: float
    received: str
    target: str
    value: float | None = None


class Answer:
    """The arrays that came back from the worker: nothing about them is taken for granted."""

    def __init__(self, arrays):
        self._arrays = arrays

    def array(self, name, shape):
        """The array `name` in float64; a length of None in `shape` fits any.

        Raises:
            RejectedAnswerError: If it is missing, of another shape, or not finite.
        """
        if name not in self._arrays:
            raise RejectedAnswerError(f"there is no `{name}` in the answer")
        value = self._arrays[name]
        if len(value.shape) != len(shape) or any(
            wanted is not None and size != wanted for size, wanted in zip(value.shape, shape)
        ):
            raise RejectedAnswerError(
                f"`{name}` has shape {str(value.shape)[:80]}, expected {tuple(shape)}"
            )
        if value.size == 0:
            raise RejectedAnswerError(f"`{name}` is empty")
        value = value.astype(np.float64)
        if not np.all(np.isfinite(value)):
            raise RejectedAnswerError(f"`{name}` has entries that are not finite")
        return value

    def number(self, name):
        """The scalar `name`."""
        return float(self.array(name, ()))


def close(value, expected, rtol=1e-6, atol=0.0):
    """All points if the largest deviation is below `atol + rtol * max|expected|`."""
    expected = np.asarray(expected, np.float64)
    limit = atol + rtol * float(np.max(np.abs(expected), initial=0.0))
    deviation = float(np.max(np.abs(value - expected), initial=0.0))
    return Verdict(
        float(deviation <= limit), f"largest deviation {deviation:.3g}", f"at most {limit:.3g}"
    )


def ramp(value, none, full, unit=""):
    """Points that grow linearly from 0 at `none` to 1 at `full`, whichever is larger."""
    share = float(np.clip((value - none) / (full - none), 0.0, 1.0))
    sign = "≥" if full > none else "≤"
    return Verdict(share, f"{value:.4g}{unit}", f"{sign} {full:.4g}{unit}", float(value))


def log_ramp(value, none, full, unit=""):
    """As `ramp` on a logarithm, for errors, which fall by powers of ten."""
    share = ramp(math.log10(max(value, 1e-300)), math.log10(none), math.log10(full)).share
    sign = "≥" if full > none else "≤"
    return Verdict(share, f"{value:.3g}{unit}", f"{sign} {full:.3g}{unit}", float(value))


def at_most(value, limit, unit=""):
    """All points if `value` does not exceed `limit`."""
    return Verdict(float(value <= limit), f"{value:.4g}{unit}", f"≤ {limit:.4g}{unit}")


def at_least(value, limit, unit=""):
    """All points if `value` reaches `limit`."""
    return Verdict(float(value >= limit), f"{value:.4g}{unit}", f"≥ {limit:.4g}{unit}")


def both(*verdicts):
    """The worst of several verdicts."""
    return min(verdicts, key=lambda verdict: verdict.share)
