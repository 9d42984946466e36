"""Data sets: found on this machine, verified, or generated; fetched only on the user's word."""

from keras_solvers.datasets.channel_profiles import ChannelProfile, channel_profile
from keras_solvers.datasets.dictionary import learn_dictionary
from keras_solvers.datasets.images import IMAGE_SETS, Split, fetch_images, load_images
from keras_solvers.datasets.locate import DamagedDataError, DataNotFoundError
from keras_solvers.datasets.photographs import photograph_patches
from keras_solvers.datasets.plasticity import Plasticity, load_plasticity
from keras_solvers.datasets.turbulent_flows import PAIRED_FLOWS, TurbulentFlow, paired_flow
from keras_solvers.datasets.varied_patches import varied_patches

__all__ = [
    "IMAGE_SETS",
    "PAIRED_FLOWS",
    "ChannelProfile",
    "DamagedDataError",
    "DataNotFoundError",
    "Plasticity",
    "Split",
    "TurbulentFlow",
    "channel_profile",
    "fetch_images",
    "learn_dictionary",
    "load_images",
    "load_plasticity",
    "paired_flow",
    "photograph_patches",
    "varied_patches",
]
