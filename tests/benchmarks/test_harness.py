import json

import pytest

from benchmarks import harness, pages, report
from benchmarks.harness import Figure


def test_median_spread_and_target():
    figure = Figure("error", (3.0, 1.0, 2.0), target=2.0)
    assert (figure.measured, figure.spread, figure.met) == (2.0, 2.0, True)
    assert Figure("speed-up", (3.0,), target=4.0, better="higher").met is False
    assert Figure("baseline", (3.0,)).met is None


def run(arguments, parts):
    harness.run_benchmark("sample", parts, 3, arguments)


@pytest.fixture
def results(tmp_path, monkeypatch):
    folder = tmp_path / "benchmarks" / "results"
    monkeypatch.setattr(harness, "RESULTS", folder)
    monkeypatch.setattr(report, "RESULTS", folder)
    monkeypatch.setattr(pages, "RESULTS", folder)
    monkeypatch.setattr(pages, "paths", lambda: [])
    monkeypatch.setattr(harness, "_commit", lambda: "abc")
    return folder


def test_results_are_written_and_parts_are_merged(results, capsys):
    def part(target):
        return lambda fast, seeds, progress: [
            Figure(f"error under {target}", tuple(float(s) for s in seeds), target)
        ]

    run(["--seeds", "3"], {"one": part(0.5), "two": part(5.0)})
    run(["--part", "two", "--seeds", "5"], {"one": part(0.5), "two": part(6.0)})
    document = json.loads((results / "sample.json").read_text())
    assert document["header"]["seeds"] == document["parts"]["two"]["seeds"] == 5
    assert document["parts"]["one"]["seeds"] == 3  # what was not measured again keeps its own
    assert document["header"]["versions"]["keras"]
    assert [(f["figure"], f["measured"], f["target"]) for f in document["figures"]] == [
        ("error under 0.5", 1.0, 0.5),
        ("error under 6.0", 2.0, 6.0),
    ]
    assert "error under 0.5" in capsys.readouterr().out

    report.main()
    page = (results / "README.md").read_text()
    assert "1 missed of 2" in page
    assert page.index("error under 0.5") < page.index("error under 6.0")
