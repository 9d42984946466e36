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


class Recorder(keras.Model):
    """Keeps the batches it is trained on."""

    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(())
        self.seen = []

    def call(self, x):
        return self.scale * x

    def train_step(self, data):
        x, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        self.seen.append(keras.ops.convert_to_numpy(x).ravel().tolist())
        return {"loss": 0.0}


def order_of(folder, epochs, seed):
    model = Recorder()
    model.compile("sgd", run_eagerly=True)
    model(np.zeros((1, 1)))
    x = np.arange(10.0, dtype="float32")[:, None]
    checkpoint = folder / f"{seed}.npz"
    training.train(model, x, None, epochs=epochs, batch_size=4, seed=seed, checkpoint=checkpoint)
    return model.seen


def test_an_epoch_sees_every_sample_in_an_order_of_its_own(tmp_path):
    seen = order_of(tmp_path, 2, seed=3)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    first, second = (np.concatenate(part).tolist() for part in (seen[:3], seen[3:]))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert order_of(tmp_path / "other", 1, seed=4) != seen[:3]
    # A resumed training goes on with the epoch it would have come to.
    (tmp_path / "parts").mkdir()
    assert order_of(tmp_path / "parts", 1, seed=3) + order_of(tmp_path / "parts", 2, seed=3) == seen


def test_finished_training_is_not_repeated(tmp_path):
    net, history = fit(tmp_path, 2)
    again, same = fit(tmp_path, 2)
    assert same == history
    np.testing.assert_array_equal(net.get_weights()[0], again.get_weights()[0])
