import keras
import numpy as np
import pytest
from small_training import data, fit, model

from keras_solvers import training


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
