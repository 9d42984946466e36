import math
import time

import numpy as np
import pytest

from keras_solvers import (
    Measurement,
    break_even,
    measure,
    speedup_at_equal_accuracy,
    work_precision,
)


def size(x, y):
    return abs(y)


def measurement(name, seconds, error, batch_size=10):
    return Measurement(name, "", batch_size, seconds, seconds, error, error)


def test_measure_times_warm_calls_and_averages_errors():
    calls = []

    def slow(x):
        calls.append(time.perf_counter())
        time.sleep(0.5 if len(calls) == 1 else 0.02)  # the first call compiles
        return 2.0 * x

    result = measure("slow", slow, np.array([1.0, 3.0]), lambda x, y: y, repeats=3, setting="k")
    assert len(calls) == 4
    assert 0.02 <= result.fastest <= result.seconds < 0.4
    assert (result.error, result.max_error, result.batch_size) == (4.0, 6.0, 2)


def test_solvers_take_turns():
    order = []

    def solver(name):
        return lambda x: order.append(name) or x

    work_precision({"a": {1: solver("a")}, "b": {1: solver("b")}}, np.ones(1), size, repeats=2)
    assert order == ["a", "b"] * 3


def test_further_errors_are_reported():
    (result,) = work_precision(
        {"a": {1: np.copy}},
        np.array([1.0, 3.0]),
        size,
        repeats=1,
        extra_metrics={"square": lambda x, y: x * y},
    )
    assert result.extra_metrics == {"square": 5.0}


def test_times_of_small_batches_stand_beside_the_errors_of_all_inputs():
    seen = []

    def solver(x):
        seen.append(len(x))
        return x

    one, all_ = work_precision(
        {"a": {1: solver}}, np.arange(1.0, 5.0), size, batch_sizes=(1, 4), repeats=2
    )
    assert (one.batch_size, all_.batch_size) == (1, 4)
    assert (one.error, one.max_error) == (all_.error, all_.max_error) == (2.5, 4.0)
    # All inputs for the errors, one to warm up, four times as many calls for the small batch.
    assert seen == [4, 1] + [1] * 8 + [4] * 2


def test_speedup_is_the_ratio_at_the_same_error():
    classic = [measurement("slow", 8.0, 1e-3), measurement("fast", 4.0, 1e-3)]
    result = speedup_at_equal_accuracy(measurement("net", 2.0, 1e-3), classic)
    assert (result.classic_name, result.classic_seconds, result.ratio) == ("fast", 4.0, 2.0)


def test_speedup_interpolates_in_favour_of_the_classic_solver():
    classic = [measurement("c", 1.0, 1e-1), measurement("c", 100.0, 1e-3)]
    # 1e-2 lies half way in logarithms: 10 seconds, not the 100 of the next setting measured.
    result = speedup_at_equal_accuracy(measurement("net", 1.0, 1e-2), classic)
    assert result.ratio == pytest.approx(10.0)


def test_a_classic_solver_that_wins_shows_a_ratio_below_one():
    result = speedup_at_equal_accuracy(measurement("net", 4.0, 1e-2), [measurement("c", 1.0, 1e-5)])
    assert result.ratio == 0.25
    assert break_even(measurement("net", 4.0, 1e-2), [measurement("c", 1.0, 1e-5)], 60) == math.inf


def test_unreached_accuracy_is_no_finite_speedup():
    result = speedup_at_equal_accuracy(measurement("net", 1.0, 1e-6), [measurement("c", 1.0, 0.1)])
    assert (result.classic_name, result.ratio) == ("none", math.inf)


def test_break_even_counts_single_inputs():
    # A batch of 10 saves 2 seconds, so 100 seconds of training are repaid after 500 inputs.
    neural, classic = measurement("net", 1.0, 0.1), [measurement("c", 3.0, 0.1)]
    assert break_even(neural, classic, 100.0) == pytest.approx(500.0)


def test_wrong_use_is_named():
    net = measurement("net", 1.0, 0.1)
    with pytest.raises(ValueError, match="empty batch"):
        measure("a", np.copy, np.ones((0, 2)), size)
    with pytest.raises(ValueError, match="not finite for 1 of 2"):
        measure("a", np.copy, np.array([1.0, np.nan]), size)
    with pytest.raises(ValueError, match="at least one"):
        speedup_at_equal_accuracy(net, [])
    with pytest.raises(ValueError, match="equal batches"):
        speedup_at_equal_accuracy(net, [measurement("c", 1.0, 0.1, batch_size=1)])
    with pytest.raises(ValueError, match="training_seconds"):
        break_even(net, [net], -1.0)
