"""Keras layers, one a file."""

from keras_solvers.layers.adaptive_activation import AdaptiveActivation
from keras_solvers.layers.adaptive_skip import AdaptiveSkip
from keras_solvers.layers.bounded_norm import BoundedNorm
from keras_solvers.layers.cautious_mean import CautiousMean
from keras_solvers.layers.drop_connect import DropConnectDense
from keras_solvers.layers.excess_rotation import ExcessRotation
from keras_solvers.layers.fourier_features import FourierFeatures
from keras_solvers.layers.local_features import LocalRandomFeatures
from keras_solvers.layers.multigrid_cycle import MultigridCycle
from keras_solvers.layers.periodic_embedding import PeriodicEmbedding
from keras_solvers.layers.prolongation import Prolongation
from keras_solvers.layers.radial_basis import RadialBasis
from keras_solvers.layers.random_distortion import RandomDistortion
from keras_solvers.layers.realizable import RealizabilityPenalty, Realizable
from keras_solvers.layers.remaining_divergence import RemainingDivergence
from keras_solvers.layers.restriction import Restriction
from keras_solvers.layers.shrinkage import Shrinkage
from keras_solvers.layers.side_padding import SidePadding
from keras_solvers.layers.subsampling import Subsampling
from keras_solvers.layers.table_convolution import TableConvolution
from keras_solvers.layers.tensor_basis import (
    StrainRotationBasis,
    StrainRotationInvariants,
    SymmetricPairBasis,
    SymmetricPairInvariants,
)
from keras_solvers.layers.tensor_polynomials import InvariantTensorBasis, TensorInvariants
from keras_solvers.layers.variational_dense import VariationalDense
from keras_solvers.layers.vector_basis import (
    StrainRotationVectorBasis,
    StrainRotationVectorInvariants,
)
from keras_solvers.layers.vector_products import VectorProducts
from keras_solvers.layers.wall_stream_function import Wall, WallStreamFunction

__all__ = [
    "AdaptiveActivation",
    "AdaptiveSkip",
    "BoundedNorm",
    "CautiousMean",
    "DropConnectDense",
    "ExcessRotation",
    "FourierFeatures",
    "InvariantTensorBasis",
    "LocalRandomFeatures",
    "MultigridCycle",
    "PeriodicEmbedding",
    "Prolongation",
    "RadialBasis",
    "RandomDistortion",
    "RealizabilityPenalty",
    "Realizable",
    "RemainingDivergence",
    "Restriction",
    "Shrinkage",
    "SidePadding",
    "StrainRotationBasis",
    "StrainRotationInvariants",
    "StrainRotationVectorBasis",
    "StrainRotationVectorInvariants",
    "Subsampling",
    "SymmetricPairBasis",
    "SymmetricPairInvariants",
    "TableConvolution",
    "TensorInvariants",
    "VariationalDense",
    "VectorProducts",
    "Wall",
    "WallStreamFunction",
]
