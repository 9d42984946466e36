"""The small lab of the grader's tests, and submissions to it."""

from pathlib import Path

SMALL = Path(__file__).parent / "grading" / "00_small"
SCALE = "def scale(x):\n    return FACTOR * x\n"
NORM = "def norm(x):\n    return np.sqrt(np.sum(x**2, axis=-1))\n"


def submission(norm, scale=SCALE):
    """The text of a script with the two tasks."""
    return f'# %% tags=["task:scale"]\n{scale}\n# %% tags=["task:norm"]\n{norm}\n'
