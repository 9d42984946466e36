"""Graded labs: what their notebooks, their `expected.py` and the command line use."""

from keras_solvers.grading.catalog import Lab, all_labs, find_lab
from keras_solvers.grading.fast import fast_mode
from keras_solvers.grading.public_check import PublicCheck, check, check_range
from keras_solvers.grading.scoring import Verdict, at_least, at_most, both, close, log_ramp, ramp

__all__ = [
    "Lab",
    "PublicCheck",
    "Verdict",
    "all_labs",
    "at_least",
    "at_most",
    "both",
    "check",
    "check_range",
    "close",
    "fast_mode",
    "find_lab",
    "log_ramp",
    "ramp",
]
