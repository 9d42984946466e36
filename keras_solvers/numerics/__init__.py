"""Numerical methods that several applications share and no library has."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "elements": ("LinearElements", "stretched"),
        "error_bars": ("ErrorBars", "calibrate"),
        "newton": ("Newton", "NotConvergedError"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS, ("geometry",))
