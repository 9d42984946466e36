"""Every public layer, model, problem and classic solver, held to the contract of its kind."""

import importlib.util
import pathlib

import pytest

from keras_solvers import classic, layers, models, problems

pytestmark = pytest.mark.jax
KINDS = {"LAYERS": layers, "MODELS": models, "PROBLEMS": problems, "CLASSIC": classic}


def collected():
    """`{kind: {name: case}}` from all files `contract_cases.py`."""
    found = {kind: {} for kind in KINDS}
    for path in sorted(pathlib.Path(__file__).parent.rglob("contract_cases.py")):
        spec = importlib.util.spec_from_file_location(f"cases_of_{path.parent.name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for kind, cases in found.items():
            cases.update(getattr(module, kind, {}))
    return found


CASES = collected()


@pytest.mark.parametrize("kind", KINDS)
def test_every_public_name_has_a_case(kind):
    assert {name.partition(",")[0] for name in CASES[kind]} == set(KINDS[kind].__all__)


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=name) for kind in KINDS for name, c in CASES[kind].items()]
)
def test_contract(case, tmp_path):
    case.check(tmp_path)


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in CASES["MODELS"].items()]
)
def test_models_answer_in_mixed_precision(case):
    case.check_mixed_precision()
