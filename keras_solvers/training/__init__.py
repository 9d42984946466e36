"""Training of neural solvers in run folders that survive a kill."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "checkpoint": ("Checkpoint", "CorruptCheckpointError"),
        "divergence": ("DivergedError", "StopWhenDiverged"),
        "progress": ("ProgressBar",),
        "run_folder": ("RunExistsError", "RunFolder"),
        "train": ("train",),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
