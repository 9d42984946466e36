import numpy as np
import pytest

from keras_solvers.grading import check, check_range


def raise_error():
    raise RuntimeError("broken")


def unwritten():
    raise NotImplementedError


def test_right_value_passes():
    result = check("pair", lambda: [1.0, 2.0], target=[1.0, 2.0])
    assert result.passed
    assert repr(result).startswith("PASS pair")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: [1.0, 2.1], "2.1"),
        (lambda: [[1.0, 2.0]], "(1, 2)"),
        (lambda: None, "no numbers"),
        (lambda: [np.nan, 2.0], "nan"),
        (raise_error, "RuntimeError: broken"),
        (unwritten, "not written yet"),
    ],
)
def test_wrong_value_fails_with_a_hint(function, words):
    result = check("pair", function, target=[1.0, 2.0], hint="Count again.")
    assert not result.passed
    assert words in repr(result)
    assert "Hint: Count again." in repr(result)


@pytest.mark.parametrize(
    ("value", "passed"), [(1.0, True), (2.0, True), (2.1, False), (np.nan, False)]
)
def test_range(value, passed):
    assert check_range("number", lambda: value, 1.0, 2.0).passed is passed


def test_range_wants_one_number():
    assert not check_range("number", lambda: [1.5], 1.0, 2.0).passed


def test_markup_is_escaped():
    assert "<b>" not in check("<b>", lambda: 1.0, target=1.0)._repr_html_()
