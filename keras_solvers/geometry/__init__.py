"""Shapes: where points are sampled, inside and on the boundary."""

from keras_solvers.geometry.ball import Ball
from keras_solvers.geometry.box import Box
from keras_solvers.geometry.geometry import Geometry
from keras_solvers.geometry.point_cloud import PointCloud
from keras_solvers.geometry.polygon import Polygon

__all__ = ["Ball", "Box", "Geometry", "PointCloud", "Polygon"]
