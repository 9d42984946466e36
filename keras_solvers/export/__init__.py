"""Export to SavedModel, ONNX and LiteRT; each export is run and compared before it counts."""

from keras_solvers.lazy import lazily

EXPORTS = {
    "tools": {
        "load": ("load_exported",),
        "write": ("FORMATS", "ExportMismatchError", "check_formats", "named_formats", "export"),
    },
}
__all__, __getattr__, __dir__ = lazily(__name__, EXPORTS)
