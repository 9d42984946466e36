"""Differential equations with known solutions, by coordinate networks and classic solvers."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "local_features": ("LocalRandomFeatures",),
        "wall_stream_function": ("WallStreamFunction",),
    },
    "models": {
        "stream_network": ("stream_network",),
    },
    "tools": {
        "steady_flow": ("fit_steady_flow",),
        "wall": ("Wall",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
