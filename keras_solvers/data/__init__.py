"""Data sets: found on this machine, verified, or generated; fetched only on the user's word."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "images": ("IMAGE_SETS", "Split", "fetch_images", "load_images"),
        "locate": ("DamagedDataError", "DataNotFoundError", "find", "require"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
