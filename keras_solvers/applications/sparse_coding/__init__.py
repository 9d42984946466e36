"""Sparse coding: codes of few atoms, by unrolled iterations and by the iterations themselves."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "shrinkage": ("Shrinkage",),
    },
    "models": {
        "lista": ("alista", "lista"),
    },
    "problems": {
        "problem": ("SparseCoding",),
    },
    "classic": {
        "coordinate_descent": ("CoordinateDescent",),
        "fista": ("FISTA",),
        "ista": ("ISTA",),
    },
    "tools": {
        "dictionary": ("learn_dictionary",),
        "lista": ("analytic_weights",),
        "optimizer": ("adam_for_sparse_activity",),
        "photographs": ("photograph_patches",),
        "varied_patches": ("varied_patches",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
