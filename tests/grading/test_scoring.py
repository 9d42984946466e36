import numpy as np
import pytest

from keras_solvers.grading import at_least, at_most, both, close, log_ramp, ramp
from keras_solvers.grading.scoring import Answer, RejectedAnswerError


def test_ramps():
    assert [ramp(v, 0.5, 0.9).share for v in (0.4, 0.5, 0.7, 0.9, 1.0)] == pytest.approx(
        [0.0, 0.0, 0.5, 1.0, 1.0]
    )
    assert ramp(3.0, 4.0, 2.0).share == pytest.approx(0.5)  # smaller is better
    assert log_ramp(0.1, 1.0, 0.01).share == pytest.approx(0.5)
    assert log_ramp(0.0, 1.0, 0.01).share == 1.0


def test_close_is_relative_to_the_largest_entry():
    expected = np.array([1e6, 1.0])
    assert close(expected + 0.5, expected, 1e-6).share == 1.0
    assert close(expected + 1.5, expected, 1e-6).share == 0.0


def test_limits_and_the_worst_of_several():
    assert at_most(2.0, 2.0).share == at_least(2.0, 2.0).share == 1.0
    assert both(at_most(1.0, 2.0), at_least(1.0, 2.0)).target == "≥ 2"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((3, 1)), "shape"),
        (np.zeros(4), "shape"),
        (np.array([0.0, np.nan, 1.0]), "not finite"),
        (np.array([0.0, np.inf, 1.0]), "not finite"),
    ],
)
def test_answers_that_are_rejected(value, words):
    with pytest.raises(RejectedAnswerError, match=words):
        Answer({"y": value}).array("y", (3,))


def test_missing_answer():
    with pytest.raises(RejectedAnswerError, match="no `y`"):
        Answer({}).number("y")


def test_any_length():
    assert Answer({"y": np.ones(7, "int8")}).array("y", (None,)).dtype == np.float64
