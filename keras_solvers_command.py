"""Start of the command `keras-solvers`.

It stands outside the package, for importing the package imports Keras, and the native libraries of
the backend print a page while they load.
"""

import contextlib
import logging
import os
import sys
import tempfile


def main():
    """Runs the command line and exits."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Measuring many solvers traces many functions, which TensorFlow takes for a mistake.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        with _quiet():
            import keras

            from keras_solvers.cli.main import main as run

            keras.distribution.list_devices()
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run())


@contextlib.contextmanager
def _quiet():
    """Holds back what is written to standard error, and prints it if the block fails."""
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(terminal, held.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
