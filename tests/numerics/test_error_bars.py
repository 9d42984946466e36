"""Error bars find the law that made the errors, and keep their promise for another case."""

import numpy as np
import pytest

from keras_solvers.numerics import calibrate


def case(seed, floor=0.3, factor=2.0, num=4000):
    """Spreads, and sizes of normal errors with five components."""
    rng = np.random.default_rng(seed)
    spread = 10.0 ** rng.uniform(-2.0, 0.0, num)
    deviation = np.sqrt((floor**2 + (factor * spread) ** 2) / 5.0)
    return spread, np.linalg.norm(deviation[:, None] * rng.normal(size=(num, 5)), axis=1)


def test_floor_and_factor_are_found_and_the_level_holds_for_another_case():
    spreads, errors = zip(*map(case, range(3)))
    bars = calibrate(spreads, errors, 0.8, num_components=5)
    assert bars.floor == pytest.approx(0.3, rel=0.03)
    assert bars.factor == pytest.approx(2.0, rel=0.03)
    spread, error = case(9)
    assert np.mean(error < bars(spread)) == pytest.approx(0.8, abs=0.02)
    # At any spread, not in the mean over all only.
    for part in np.array_split(np.argsort(spread), 4):
        assert np.mean(error[part] < bars(spread[part])) == pytest.approx(0.8, abs=0.05)


def test_cases_count_the_same_whatever_their_size():
    small, large = case(0, num=500), case(1, floor=0.6, num=50_000)
    doubled = [np.concatenate([part] * 100) for part in small]
    bars = calibrate(*zip(small, large), 0.9, 5)
    again = calibrate(*zip(doubled, large), 0.9, 5)
    assert bars.quantile == pytest.approx(again.quantile, rel=1e-2)
    assert bars.floor == pytest.approx(again.floor, rel=1e-2)


def test_the_case_that_is_worst_decides():
    spreads, errors = zip(*map(case, range(3)))
    worse = (errors[0], 2.0 * errors[1], errors[2])
    bars = calibrate(spreads, worse, 0.9, 5)
    held = [np.mean(error < bars(spread)) for spread, error in zip(spreads, worse)]
    assert held[1] == pytest.approx(0.9, abs=0.01)
    assert min(held[0], held[2]) > 0.99


def test_a_spread_that_says_nothing_gets_no_weight():
    spread, error = case(2, factor=0.0)
    bars = calibrate([spread], [error], 0.9, 5)
    assert bars.factor < 0.1
    assert np.mean(error < bars(spread)) == pytest.approx(0.9, abs=0.01)


def test_what_does_not_belong_together_is_named():
    with pytest.raises(ValueError, match=r"level=1\.5"):
        calibrate([np.ones(3)], [np.ones(3)], 1.5)
    with pytest.raises(ValueError, match=r"\(3,\) and \(4,\)"):
        calibrate([np.ones(3)], [np.ones(4)])
    for wrong in ([1.0, np.nan, 1.0], [0.0, 0.0, 0.0], [1.0, -1.0, 1.0]):
        with pytest.raises(ValueError, match=r"Errors.*Received"):
            calibrate([np.ones(3)], [np.array(wrong)])
    with pytest.raises(ValueError, match="Spreads"):
        calibrate([np.zeros(3)], [np.ones(3)])
