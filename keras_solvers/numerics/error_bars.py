"""From how far members are apart to how large errors are."""

import dataclasses

import numpy as np
from scipy.optimize import minimize


@dataclasses.dataclass(frozen=True)
class ErrorBars:
    """Sizes below which errors are expected to be, `quantile sqrt(floor^2 + (factor d)^2)`.

    Attributes:
        floor: Size of errors where members agree: what all of them get wrong alike.
        factor: Of the spread `d`.
        quantile: From the size that is typical to that which a share `level` of errors is below.
        level: The share.
    """

    floor: float
    factor: float
    quantile: float
    level: float

    def typical(self, spread):
        """Root mean square of the errors expected at points of that spread."""
        return np.sqrt(self.floor**2 + (self.factor * np.asarray(spread)) ** 2)

    def __call__(self, spread):
        return self.quantile * self.typical(spread)


def calibrate(spreads, errors, level=0.9, num_components=1):
    """Fits `ErrorBars` to cases that training has not seen, each of many points.

    Floor and factor are those of the greatest likelihood, if the components of errors are normal
    and independent, where all cases count the same, however many points they have. The quantile is
    counted in each case, and the largest taken: what is promised is about another case, not about
    another point. If the cases are exchangeable with it, the level holds there with a probability
    of `m / (m + 1)` for `m` cases, as in conformal prediction for groups (Dunn, Wasserman and
    Ramdas, Distribution-free prediction sets for two-layer hierarchical models, 2023, J. Am. Stat.
    Assoc. 118), but for floor and factor, which are fitted to the same cases.

    Args:
        spreads: A sequence of arrays, one a case: how far members are apart, not negative.
        errors: The sizes of the errors at the same points.
        level: Share of errors that shall be below the bars.
        num_components: Of an error whose size is given: 5 for a symmetric tensor without trace.

    Raises:
        ValueError: If spreads and errors do not belong together, are negative, not finite or all
            zero, or no bars fit them.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"`level` is a share between 0 and 1. Received: level={level}")
    if len(spreads) != len(errors) or not len(spreads):
        raise ValueError(
            "As many arrays of errors as of spreads are expected, one or more. "
            f"Received: {len(spreads)} and {len(errors)}"
        )
    for spread, error in zip(spreads, errors):
        if np.shape(spread) != np.shape(error) or np.ndim(error) != 1 or not len(error):
            raise ValueError(
                "Spreads and errors of a case are arrays (n,) of the same points. "
                f"Received: shapes {np.shape(spread)} and {np.shape(error)}"
            )
    weight = np.concatenate([np.full(len(each), 1.0 / len(each)) for each in errors])
    spread, error = np.concatenate(spreads), np.concatenate(errors)
    for name, values in (("Spreads", spread), ("Errors", error)):
        if not (np.isfinite(values).all() and values.min() >= 0.0 and values.max() > 0.0):
            raise ValueError(
                f"{name} must be finite and not negative, and not all zero. "
                f"Received: values from {values.min()} to {values.max()}"
            )

    def unlikely(logarithms):
        variance = np.exp(2.0 * logarithms[0]) + np.exp(2.0 * logarithms[1]) * spread**2
        return np.sum(weight * (np.log(variance) + error**2 / (variance * num_components)))

    size = np.sqrt(np.sum(weight * error**2) / np.sum(weight) / num_components)
    start = np.log([0.7 * size, 0.7 * size / np.sqrt(np.mean(spread**2))])
    found = minimize(unlikely, start).x
    if not np.isfinite(found).all():
        raise ValueError(f"No error bars fit these errors. Received: log of the sizes {found}")
    floor, factor = np.sqrt(num_components) * np.exp(found)
    bars = ErrorBars(float(floor), float(factor), 1.0, level)
    cases = zip(spreads, errors, strict=True)
    quantiles = [np.quantile(error / bars.typical(spread), level) for spread, error in cases]
    return dataclasses.replace(bars, quantile=float(max(quantiles)))
