from benchmarks import report
from benchmarks.harness import RESULTS, Figure
from benchmarks.pages import documents


def header(**changes):
    machine = {"system": "Linux", "processor": "a processor", "cores": 2}
    versions = {"keras": "3.15.1", "jax": None}
    first = {"date": "2026-11-21", "commit": "abc", "seeds": 1, "python": "3.11.7"}
    return {**first, "machine": machine, "versions": versions, **changes}


def document(*figures, **headers):
    return {"parts": headers, "figures": [figure.row() for figure in figures]}


def test_missed_targets_stand_first_and_applications_in_their_order():
    page = report.report(
        {
            "another": document(Figure("other error", (3.0,), 2.0), one=header()),
            "sparse_coding": document(Figure("gap", (1.0,), 2.0), one=header()),
        }
    )
    assert "1 missed of 2 targets" in page
    places = [page.index(text) for text in ("other error", "## sparse-coding", "## another")]
    assert places == sorted(places)


def test_parts_of_one_header_share_a_line():
    lines = report.headers(
        "name", document(one=header(), two=header(), three=header(commit="def", seeds=3))
    ).splitlines()
    assert lines[2:] == [
        "- one, two: 2026-11-21, commit abc, a processor, 2 cores, 1 seed, Python 3.11.7, "
        "keras 3.15.1.",
        "- three: 2026-11-21, commit def, a processor, 2 cores, 3 seeds, Python 3.11.7, "
        "keras 3.15.1.",
    ]


def test_a_row_of_the_table():
    row = Figure("mean |div u|", (2.0, 1.0, 4.0), target=3.0, unit="s").row()
    assert report.table([row]).splitlines()[2] == "| mean \\|div u\\| | 2 s | 3 | ≤ 3 | yes |"
    single = Figure("speed-up", (2.0,), target=3.0, better="higher").row()
    assert report.table([single]).splitlines()[2] == "| speed-up | 2 |  | ≥ 3 | **no** |"


def test_the_page_shows_the_results():
    page = (RESULTS / "README.md").read_text()
    assert page == report.report(documents()), "run `python -m benchmarks report`"
