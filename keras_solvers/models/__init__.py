"""Functions that build networks, one family a file."""

from keras_solvers.models.autoencoder import classic_autoencoder, conv_autoencoder
from keras_solvers.models.convnet import convnet
from keras_solvers.models.coordinate_mlp import coordinate_mlp
from keras_solvers.models.coupling_flow import CouplingFlow
from keras_solvers.models.ensemble import ensemble
from keras_solvers.models.fluid_net import fluid_net
from keras_solvers.models.gated_mlp import gated_mlp, pirate_net
from keras_solvers.models.isotropic_network import isotropic_network
from keras_solvers.models.lenet import lenet5
from keras_solvers.models.lista import alista, analytic_weights, lista
from keras_solvers.models.mlp import mlp, softmax_regression
from keras_solvers.models.multigrid_network import multigrid_network
from keras_solvers.models.pressure_unet import pressure_unet
from keras_solvers.models.reynolds_stress import reynolds_stress
from keras_solvers.models.side_by_side import side_by_side
from keras_solvers.models.stream_network import stream_network
from keras_solvers.models.stress_committee import (
    cautious_closure,
    stress_committee,
    variational_committee,
)
from keras_solvers.models.tensor_basis_network import tensor_basis_network, trainable_part

__all__ = [
    "CouplingFlow",
    "alista",
    "analytic_weights",
    "cautious_closure",
    "classic_autoencoder",
    "conv_autoencoder",
    "convnet",
    "coordinate_mlp",
    "ensemble",
    "fluid_net",
    "gated_mlp",
    "isotropic_network",
    "lenet5",
    "lista",
    "mlp",
    "multigrid_network",
    "pirate_net",
    "pressure_unet",
    "reynolds_stress",
    "side_by_side",
    "softmax_regression",
    "stream_network",
    "stress_committee",
    "tensor_basis_network",
    "trainable_part",
    "variational_committee",
]
