import pathlib
import re

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parent.parent


def python_blocks(path):
    return re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(), flags=re.DOTALL)


@pytest.mark.jax
def test_example_of_the_design_page_runs():
    program = next(block for block in python_blocks("docs/design.md") if "class CubeRoot" in block)
    names = {"__name__": "example"}
    exec(compile(program, "docs/design.md", "exec"), names)
    # One Newton step squares the error, up to a factor of about one.
    assert names["neural"].error < 0.05
    assert names["certified"].error < names["neural"].error ** 1.5


def test_python_of_the_readme_runs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for block in python_blocks("README.md"):
        names = {"__name__": "example"}
        exec(compile(block, "README.md", "exec"), names)
        if "PINN(" in block:
            np.testing.assert_allclose(names["u"], np.exp(-0.1 * np.pi**2), atol=1e-3)


def test_the_migrated_problems_are_solved():
    names = {"__name__": "example"}
    errors = []
    for block in python_blocks("docs/migration.md"):
        exec(compile(block, "docs/migration.md", "exec"), names)
        errors.append(names.get("error"))
    assert errors[0] < 1e-3  # conditions by weights
    assert errors[1] < 1e-4  # by construction
    assert names["found"] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/design.md", "docs/migration.md"]
)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert ((ROOT / page).parent / target).exists(), target
