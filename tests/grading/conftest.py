import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from lab_samples import SMALL

from keras_solvers.grading.catalog import Lab, labs_folder
from keras_solvers.grading.judge import expected_answers
from keras_solvers.grading.worker_process import Worker

sys.path.insert(0, str(Path(__file__).parent))
from fingerprint import ROOT, lab_fingerprint, lecture_fingerprint

# What was proven when, by name of the lab or lecture. Written after a run in which all tests that
# are marked `proof` passed, if KERAS_SOLVERS_RECORD_PROOFS is set (`make prove-labs`).
PROOFS = ROOT / "labs" / "proofs.json"


@pytest.fixture(scope="session")
def small_lab():
    return Lab(SMALL, tomllib.loads((SMALL / "lab.toml").read_text()))


@pytest.fixture(scope="session")
def worker(small_lab):
    with Worker(small_lab) as worker:
        yield worker


@pytest.fixture(scope="session")
def answers(small_lab):
    return expected_answers(small_lab)


def fingerprints():
    """`{subject: checksum}` of all labs and lectures as they are now."""
    labs = {f"lab {p.name}": lab_fingerprint(p) for p in sorted(labs_folder().glob("[0-9]*_*"))}
    lectures = sorted((ROOT / "course").glob("[0-9]*_*.py"))
    return labs | {f"lecture {p.stem}": lecture_fingerprint(p) for p in lectures}


def subject(nodeid):
    """The lab or lecture that a test is about."""
    kind = "lecture" if "test_lecture" in nodeid else "lab"
    return f"{kind} {nodeid.partition('[')[2].partition(']')[0]}"


def pytest_collection_modifyitems(config, items):
    """Leaves out what was proven and rests on nothing that has changed since."""
    proofs = [item for item in items if item.get_closest_marker("proof")]
    if not proofs or _RECORDING or not PROOFS.is_file():
        return
    recorded, now = json.loads(PROOFS.read_text()), fingerprints()
    proven = [i for i in proofs if recorded.get(subject(i.nodeid)) == now[subject(i.nodeid)]]
    config.hook.pytest_deselected(items=proven)
    items[:] = [item for item in items if item not in proven]


_RECORDING = bool(os.environ.get("KERAS_SOLVERS_RECORD_PROOFS"))
_passed, _failed = {}, set()


def pytest_runtest_logreport(report):
    if report.failed:
        _failed.add(subject(report.nodeid))
    elif report.when == "call" and report.passed:
        function = report.nodeid.partition("[")[0].rpartition("::")[2]
        _passed.setdefault(subject(report.nodeid), set()).add(function)


def pytest_sessionfinish():
    """Writes the proofs of labs and lectures of which every test passed."""
    if not _RECORDING or "PYTEST_XDIST_WORKER" in os.environ:
        return
    source = (Path(__file__).parent / "test_all_labs.py").read_text()
    tests = {
        "lab": set(re.findall(r"@pytest.mark.proof\ndef (\w+)\(lab", source)),
        "lecture": {"test_lecture_runs"},
    }
    recorded = json.loads(PROOFS.read_text()) if PROOFS.is_file() else {}
    for name, checksum in fingerprints().items():
        if name not in _failed and _passed.get(name, set()) >= tests[name.partition(" ")[0]]:
            recorded[name] = checksum
    PROOFS.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n")
