import os
import pathlib
import re
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest
from scipy.integrate import solve_ivp

ROOT = pathlib.Path(__file__).parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
APPLICATIONS = [page for page in PAGES if page.startswith("docs/applications/")]


def blocks(path, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / path).read_text(), flags=re.DOTALL)


def python_blocks(path):
    return blocks(path, "python")


@pytest.mark.jax
def test_example_of_the_design_page_runs():
    program = next(block for block in python_blocks("docs/design.md") if "class CubeRoot" in block)
    names = {"__name__": "example"}
    exec(compile(program, "docs/design.md", "exec"), names)
    # One Newton step squares the error, up to a factor of about one.
    assert names["neural"].error < 0.05
    assert names["certified"].error < names["neural"].error ** 1.5


@pytest.mark.parametrize("page", ["README.md", *APPLICATIONS])
def test_python_of_a_page_runs(page):
    keras.utils.set_random_seed(0)
    names = {"__name__": "example"}
    for block in python_blocks(page):
        exec(compile(block, page, "exec"), names)
    if page == "docs/applications/pinn.md":
        np.testing.assert_allclose(names["u"], np.exp(-0.1 * np.pi**2), atol=1e-3)


def test_the_readme_is_short():
    text = re.sub("<!--.*?-->", "", (ROOT / "README.md").read_text())
    assert len(text.split()) <= 700


def migration_halves():
    """Blocks about heat, and those after them, which need no more of these than the imports.

    In two tests, so that two workers share the longest page.
    """
    blocks = python_blocks("docs/migration.md")
    middle = next(i for i, block in enumerate(blocks) if "complex_valued=True" in block)
    lines = "\n".join(blocks[:middle]).splitlines()
    imports = "\n".join(line for line in lines if line.startswith(("import ", "from ")))
    return blocks[:middle], [imports, *blocks[middle:]]


def test_python_of_the_second_half_of_the_migration_page_runs():
    keras.utils.set_random_seed(0)
    names = {"__name__": "example"}
    for block in migration_halves()[1]:
        exec(compile(block, "docs/migration.md", "exec"), names)
    exact = solve_ivp(lambda t, y: (y[1], -np.sin(y[0])), (0.0, 6.0), (2.0, 0.0), rtol=1e-9)
    angle = float(names["model"](np.array([[6.0]]))[0, 0])
    assert angle == pytest.approx(exact.y[0, -1], abs=0.01)


def test_the_migrated_problems_are_solved():
    keras.utils.set_random_seed(0)
    names = {"__name__": "example"}
    errors = []
    for block in migration_halves()[0]:
        exec(compile(block, "docs/migration.md", "exec"), names)
        errors.append(names.get("error"))
    # Over three seeds: up to 7e-4 with conditions by weights, 2e-4 by construction, and 0.8 %.
    assert errors[0] < 3e-3
    assert errors[1] < 1e-3
    assert names["found"] == pytest.approx(1.0, abs=0.03)
    # Least squares with the closed form give 1.0098 and a deviation of 0.0064.
    assert names["low"] == pytest.approx(1.0098 - 1.96 * 0.0064, abs=0.004)
    assert names["high"] == pytest.approx(1.0098 + 1.96 * 0.0064, abs=0.004)
    assert names["sampled"] == pytest.approx((names["low"], names["high"]), abs=0.002)


def test_the_flow_around_a_disc_is_found():
    names = {"__name__": "example"}
    for block in python_blocks("docs/flows.md"):
        exec(compile(block, "docs/flows.md", "exec"), names)
    assert names["converged"]
    assert np.all(np.isfinite(names["p"]))
    # More than the inlet's greatest speed, since there is less room beside the disc.
    assert 1.0 < names["u"].max() < 2.0


def test_the_closure_learns_and_is_exported(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    names = {"__name__": "example"}
    for block in python_blocks("docs/closures.md"):
        exec(compile(block, "docs/closures.md", "exec"), names)
    assert names["error"] < 0.1
    assert names["anisotropy"].shape == (1000, 3, 3)
    assert set(names["differences"]) == {"savedmodel", "onnx"}
    # Without turbulence 275; the simulation has 21.0.
    assert 18.0 < names["centreline"] < 24.0
    assert names["stresses"].shape == (80, 3, 3)
    expected = names["model"].predict_on_batch(names["flow"])
    np.testing.assert_allclose(names["stress"], expected, rtol=1e-4, atol=1e-5)

    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler, cc, for the last example")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    *_, script = blocks("docs/closures.md", "sh")
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    printed = np.array([line.split() for line in done.stdout.splitlines()], "float64")
    assert printed.shape == (4, 3)
    # Turbulence decays in weak shear and grows in strong shear.
    assert printed[0, 0] < 1.0 < printed[3, 0]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *PAGES])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if not target.startswith("http"):
            assert ((ROOT / page).parent / target).exists(), target
