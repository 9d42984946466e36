"""What every layer, model, problem and classic solver of the package must do."""

import keras
import numpy as np
from keras import ops


def inputs(shape, batch=6, seed=0):
    return np.random.default_rng(seed).random((batch, *shape)).astype("float32")


def check_layer(make, shape):
    """`make(**kwargs)` builds the layer for inputs `(batch, *shape)`."""
    _check_config(make())
    _check_mixed_precision(make(dtype=keras.DTypePolicy("mixed_float16")), shape)
    layer = make()
    x = inputs(shape)
    y = layer(x)
    assert tuple(y.shape) == tuple(layer.compute_output_shape(x.shape))
    assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
    check_model(lambda: keras.Sequential([keras.Input(shape), make()]), shape)


def _check_config(layer):
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


def _check_mixed_precision(layer, shape):
    y = layer(inputs(shape))
    assert keras.backend.standardize_dtype(y.dtype) == "float16"
    assert np.isfinite(ops.convert_to_numpy(y).astype("float32")).all()


def check_model(build, shape, tmp_path=None):
    """`build()` makes a Keras model for inputs `(batch, *shape)`."""
    keras.utils.set_random_seed(0)
    model = build()
    x = inputs(shape)
    y = model.predict_on_batch(x)
    assert y.dtype == np.float32
    assert np.isfinite(y).all()
    np.testing.assert_allclose(model.predict_on_batch(x[:1]), y[:1], rtol=1e-4, atol=1e-5)
    _check_training_step(model, x, y)


def _check_training_step(model, x, y):
    before = [ops.convert_to_numpy(v) for v in model.trainable_variables]
    model.compile(keras.optimizers.SGD(1e-3), loss="mse")
    loss = model.train_on_batch(x, y + 1.0)
    assert np.isfinite(loss)
    after = [ops.convert_to_numpy(v) for v in model.trainable_variables]
    assert all(np.isfinite(v).all() for v in after)
    if before:
        assert any((a != b).any() for a, b in zip(after, before))


def check_saving(build, shape, folder):
    """The saved and loaded model answers the same, in Keras's safe mode."""
    model = build()
    x = inputs(shape)
    model.save(folder / "model.keras")
    loaded = keras.saving.load_model(folder / "model.keras")
    np.testing.assert_allclose(
        loaded.predict_on_batch(x), model.predict_on_batch(x), rtol=1e-6, atol=1e-6
    )


def check_problem(problem):
    x = problem.sample(5, seed=3)
    assert x.shape[0] == 5
    np.testing.assert_array_equal(x, problem.sample(5, seed=3))
    assert np.any(ops.convert_to_numpy(x) != ops.convert_to_numpy(problem.sample(5, seed=4)))
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(problem))
    assert type(copy) is type(problem)
    np.testing.assert_array_equal(copy.sample(5, seed=3), x)


def check_classic_solver(make, problem, answer_shape):
    """`make(problem, **kwargs)` builds a solver of `problem`."""
    solver = make(problem)
    x = ops.convert_to_numpy(problem.sample(4, seed=1))
    y = ops.convert_to_numpy(solver(x))
    assert y.shape == (4, *answer_shape)
    zero = np.zeros_like(y)
    assert (_objective(problem, x, y) < _objective(problem, x, zero)).all()
    # One input is solved as it is in a batch.
    np.testing.assert_allclose(ops.convert_to_numpy(solver(x[:1])), y[:1], rtol=1e-4, atol=1e-5)
    # Started from its own answer, a descent method does not get worse.
    again = ops.convert_to_numpy(make(problem, initial_guess=solver)(x))
    assert (_objective(problem, x, again) <= _objective(problem, x, y) * (1 + 1e-6)).all()


def _objective(problem, x, y):
    return ops.convert_to_numpy(problem.objective(x, ops.cast(y, "float32")))
