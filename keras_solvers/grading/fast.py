"""A short version of the labs, for tests."""

import os


def fast_mode():
    """Whether `KERAS_SOLVERS_FAST` asks notebooks for little data and few steps."""
    return bool(os.environ.get("KERAS_SOLVERS_FAST"))
