import os
import signal
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest
from small_training import fit

from keras_solvers import training


class StopAfter(keras.callbacks.Callback):
    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epochs:
            raise KeyboardInterrupt


def test_interrupted_training_ends_like_an_uninterrupted_one(tmp_path):
    whole, history = fit(tmp_path / "whole", 4)
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "parts", 4, callbacks=[StopAfter(2)])
    parts, resumed = fit(tmp_path / "parts", 4)
    for a, b in zip(whole.get_weights(), parts.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert [row["loss"] for row in resumed] == [row["loss"] for row in history]


SCRIPT = """
    import pathlib, signal, sys, os
    sys.path.insert(0, {tests!r})
    import numpy as np, keras
    import small_training
    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if sys.argv[2] == "kill" and self.epoch == 2 and batch == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch
    net, _ = small_training.fit(pathlib.Path(sys.argv[1]), 4, callbacks=[Kill()])
    np.savez(sys.argv[1] + "/weights.npz", *net.get_weights())
"""


def test_killed_training_resumes_with_the_same_result(tmp_path):
    tests = os.path.dirname(os.path.dirname(__file__))
    script = textwrap.dedent(SCRIPT.format(tests=tests))

    def run(folder, mode):
        folder.mkdir(exist_ok=True)
        return subprocess.run(
            [sys.executable, "-c", script, str(folder), mode], check=False
        ).returncode

    assert run(tmp_path / "whole", "") == 0
    assert run(tmp_path / "parts", "kill") == -signal.SIGKILL
    assert not (tmp_path / "parts/weights.npz").exists()
    assert run(tmp_path / "parts", "") == 0
    whole, parts = (np.load(tmp_path / f"{name}/weights.npz") for name in ("whole", "parts"))
    for name in whole:
        np.testing.assert_array_equal(whole[name], parts[name])


@pytest.mark.parametrize("damage", [b"", b"garbage", b"PK\x03\x04half"])
def test_corrupt_checkpoint_is_named(tmp_path, damage):
    (tmp_path / "checkpoint.npz").write_bytes(damage)
    with pytest.raises(training.CorruptCheckpointError, match=r"checkpoint\.npz is damaged"):
        fit(tmp_path, 2)


def test_truncated_checkpoint_is_named(tmp_path):
    fit(tmp_path, 1)
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(training.CorruptCheckpointError, match="damaged"):
        fit(tmp_path, 2)


def test_checkpoint_of_another_model_is_named(tmp_path):
    fit(tmp_path, 1)
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    other.compile("adam", loss="mse")
    with pytest.raises(training.CorruptCheckpointError, match="another model"):
        fit(tmp_path, 2, other)
