"""Keras is imported when a command needs it, without what native libraries print meanwhile."""

import contextlib
import logging
import os
import sys
import tempfile


@contextlib.contextmanager
def keras_quietly():
    """Imports Keras and finds its devices; imports in the block are quiet as well.

    What is written to standard error is held back, and printed if the block fails.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Measuring many solvers traces many functions, which TensorFlow takes for a mistake.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            import keras

            keras.distribution.list_devices()
            yield
        except BaseException:
            held.seek(0)
            os.write(terminal, held.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
