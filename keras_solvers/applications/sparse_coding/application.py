"""The application `sparse-coding`: its settings and what it compares."""

import dataclasses

from keras_solvers.applications.application import Application
from keras_solvers.applications.settings import Settings, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparseCodingSettings(Settings):
    """How the photographs are coded: atoms and training patches from one, tests from the other."""

    num_atoms: int = setting(400, "Atoms of the dictionary, for 10x10 pixels.", minimum=1)
    penalty: float = setting(0.1, "Weight of the l1 norm; patches have unit norm.", minimum=0.0)
    # Sparser codes make clearer atoms.
    dictionary_penalty: float = setting(
        0.2, "The same while the dictionary is learned.", minimum=0.0
    )
    num_layers: int = setting(8, "Unrolled steps of the network.", minimum=1)
    num_dictionary_patches: int = setting(
        40_000, "Patches that the dictionary is learned from.", minimum=1
    )
    num_training_patches: int = setting(256_000, "Patches that the network sees.", minimum=1)
    num_test_patches: int = setting(10_000, "Size of the large batch.", minimum=1)
    epochs: int = setting(4, "Passes over the training patches.", minimum=1)
    batch_size: int = setting(256, "Patches in a training step.", minimum=1)
    learning_rate: float = setting(2e-3, "Peak of a cosine schedule with a warm-up.", minimum=0.0)
    iterations: tuple[int, ...] = setting(
        (4, 8, 16, 32, 64, 128),
        "Steps of FISTA on the diagram, of ISTA but for the last.",
        minimum=1,
    )
    certified_iterations: tuple[int, ...] = setting(
        (8, 32), "Steps of FISTA started from the network.", minimum=1
    )
    sweeps: tuple[int, ...] = setting((16, 64), "Sweeps of coordinate descent.", minimum=1)
    repeats: int = setting(2, "Timed calls of each solver.", minimum=1)


APPLICATION = Application(
    title="Sparse codes of photographs",
    network="ISTA unrolled to 8 layers, trained without labels",
    rivals=("ISTA", "FISTA with restart", "coordinate descent"),
    settings=SparseCodingSettings,
    runner="keras_solvers.applications.sparse_coding.run",
    headline=("sparse_coding", "photographs, 8 layers: gap over that of FISTA after 64 steps"),
)
