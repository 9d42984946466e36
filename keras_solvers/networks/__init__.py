"""Layers and networks that several applications share."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "layers": {
        "bounded_norm": ("BoundedNorm",),
        "radial_basis": ("RadialBasis",),
        "variational_dense": ("VariationalDense",),
    },
    "models": {
        "concatenate_networks": ("concatenate_networks",),
        "coordinate_mlp": ("coordinate_mlp",),
        "ensemble": ("ensemble",),
        "mlp": ("mlp", "softmax_regression"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
