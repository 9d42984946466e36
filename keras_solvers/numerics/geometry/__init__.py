"""Shapes: where points are sampled, inside and on the boundary."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "ball": ("Ball",),
        "box": ("Box",),
        "geometry": ("Geometry",),
        "meshes": ("quadrature", "refined", "triangles"),
        "point_cloud": ("PointCloud",),
        "polygon": ("Polygon",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
