"""Reynolds-averaged flows with any closure of the turbulent stresses, solved to convergence."""

from keras_solvers.rans.channel import Channel
from keras_solvers.rans.developed import ChannelFlow, DuctFlow
from keras_solvers.rans.duct import SquareDuct
from keras_solvers.rans.frozen import FrozenChannel, frozen_channel, scales_of
from keras_solvers.rans.k_omega import KOmega
from keras_solvers.rans.mixing_length import van_driest
from keras_solvers.rans.newton import Newton, NotConvergedError

__all__ = [
    "Channel",
    "ChannelFlow",
    "DuctFlow",
    "FrozenChannel",
    "KOmega",
    "Newton",
    "NotConvergedError",
    "SquareDuct",
    "frozen_channel",
    "scales_of",
    "van_driest",
]
