import os
import signal
import subprocess
import sys
import textwrap

import keras
import numpy as np
import pytest

from keras_solvers import training


def model(rate=0.1):
    keras.utils.set_random_seed(1)
    net = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(8, "relu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1),
        ]
    )
    net.compile(keras.optimizers.Adam(rate), loss="mse")
    return net


def data(count=100):
    x = np.random.default_rng(0).normal(size=(count, 3)).astype("float32")
    return x, x.sum(axis=1, keepdims=True)


def fit(folder, epochs, net=None, callbacks=()):
    net = net or model()
    history = training.train(
        net,
        *data(),
        epochs=epochs,
        batch_size=32,
        seed=5,
        checkpoint=folder / "checkpoint.npz",
        callbacks=callbacks,
    )
    return net, history


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
    from training import test_train as t
    class Kill(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if sys.argv[2] == "kill" and self.epoch == 2 and batch == 1:
                os.kill(os.getpid(), signal.SIGKILL)
        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch
    net, _ = t.fit(pathlib.Path(sys.argv[1]), 4, callbacks=[Kill()])
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


def test_history_has_a_row_an_epoch(tmp_path):
    _, history = fit(tmp_path, 3)
    assert len(history) == 3
    assert all(set(row) == {"loss", "seconds"} for row in history)


def test_divergence_is_named_and_not_saved(tmp_path):
    net = model()
    net.compile(keras.optimizers.SGD(1e20), loss="mse")
    with pytest.raises(training.DivergedError, match=r"learning rate, now 1e\+20"):
        fit(tmp_path, 5, net)
    assert not (tmp_path / "checkpoint.npz").exists()


def test_bad_data_are_named_before_training(tmp_path):
    x, y = data()
    x[3, 1] = np.nan
    for arrays, message in (((x, y), "`x` must be finite.*1 NaN"), ((x[:0], y[:0]), "empty")):
        with pytest.raises(ValueError, match=message):
            training.train(
                model(), *arrays, epochs=1, batch_size=8, seed=0, checkpoint=tmp_path / "c.npz"
            )


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


def test_batches_cover_all_samples_in_an_order_of_seed_and_epoch():
    x = np.arange(10)
    batches = training.ShuffledBatches(x, x, 4, seed=3, epochs=2)
    assert len(batches) == 6
    drawn = [batches[i][0] for i in range(6)]
    first, second = np.concatenate(drawn[:3]), np.concatenate(drawn[3:])
    assert sorted(first) == sorted(second) == list(x)
    assert list(first) != list(second)
    resumed = training.ShuffledBatches(x, None, 4, seed=3, epochs=2, first_epoch=1)
    np.testing.assert_array_equal(second, np.concatenate([resumed[i][0] for i in range(3)]))


def test_finished_training_is_not_repeated(tmp_path):
    net, history = fit(tmp_path, 2)
    again, same = fit(tmp_path, 2)
    assert same == history
    np.testing.assert_array_equal(net.get_weights()[0], again.get_weights()[0])
