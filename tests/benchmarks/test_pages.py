import re

import pytest

from benchmarks import pages
from benchmarks.harness import Figure

DOCUMENTS = {
    "sample": {
        "figures": [
            Figure("error", (0.012345,)).row(),
            Figure("error, largest", (1.5,), unit="%").row(),
            Figure("time of the network", (1234.5,), unit="ms").row(),
        ]
    }
}


@pytest.mark.parametrize("path", pages.paths(), ids=lambda path: path.name)
def test_pages_show_what_was_measured_last(path):
    text = path.read_text()
    assert text == pages.refreshed(text, pages.documents()), "run `python -m benchmarks report`"


@pytest.mark.parametrize("path", pages.paths(), ids=lambda path: path.name)
def test_no_line_begins_with_a_figure(path):
    # Markdown takes such a line for HTML.
    begins = re.compile(r"^\s*(?:[-*] |\d+\. )?<!-- \w+: ", re.MULTILINE)
    assert begins.search(path.read_text()) is None


def test_a_figure_is_filled_in_again_and_again():
    text = "It took <!-- sample: time -->3 s<!---->, off by <!-- sample: error --><!---->."
    filled = pages.refreshed(text, DOCUMENTS)
    assert filled == (
        "It took <!-- sample: time -->1,234 ms<!---->, "  # rounds half to even
        "off by <!-- sample: error -->0.0123<!---->."
    )
    assert pages.refreshed(filled, DOCUMENTS) == filled


@pytest.mark.parametrize("beginning", ["err", "speed-up"])
def test_a_name_of_several_figures_or_of_none_is_refused(beginning):
    with pytest.raises(ValueError, match="begin with"):
        pages.figure(DOCUMENTS, "sample", beginning)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(6.888e-05, "6.89e-5"), (0.7, "0.7"), (36.43, "36.4"), (11596.0, "11,596"), (2e7, "2e7")],
)
def test_three_digits(value, expected):
    assert pages.quantity(value, "") == expected
