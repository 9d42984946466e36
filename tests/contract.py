"""What every public layer, model, problem and classic solver of the library must do.

Each application and floor lists its own in `contract_cases.py` beside its tests, as dictionaries
`LAYERS`, `MODELS`, `PROBLEMS` and `CLASSIC` from names to cases. What follows the comma of a name
tells variants apart.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from keras import ops


@dataclasses.dataclass(frozen=True)
class Layer:
    """A layer with its arguments, for inputs of a shape, or of several."""

    cls: type
    arguments: Mapping[str, Any]
    shape: tuple | list

    def make(self, **kwargs):
        return self.cls(**self.arguments, **kwargs)

    def model(self):
        x = _symbolic(self.shape)
        return keras.Model(x, self.make()(x))

    def check(self, folder):
        layer = self.make()
        config = layer.get_config()
        assert type(layer).from_config(config).get_config() == config
        half = self.make(dtype=keras.DTypePolicy("mixed_float16"))(inputs(self.shape))
        assert keras.backend.standardize_dtype(half.dtype) == "float16"
        assert np.isfinite(ops.convert_to_numpy(half).astype("float32")).all()
        x = inputs(self.shape)
        y = layer(x)
        assert tuple(y.shape) == tuple(layer.compute_output_shape(_shapes(x)))
        assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
        Model(self.model, self.shape).check(folder)


@dataclasses.dataclass(frozen=True)
class Model:
    """A function that builds a model, for inputs of a shape, or of several by their names."""

    build: Callable
    shape: tuple | list | dict

    def check(self, folder):
        keras.utils.set_random_seed(0)
        model, x = self.build(), inputs(self.shape)
        y = model.predict_on_batch(x)
        assert y.dtype == np.float32
        assert np.isfinite(y).all()
        one = keras.tree.map_structure(lambda each: each[:1], x)
        np.testing.assert_allclose(model.predict_on_batch(one), y[:1], rtol=1e-4, atol=1e-5)
        model.save(folder / "model.keras")
        loaded = keras.saving.load_model(folder / "model.keras")
        np.testing.assert_allclose(loaded.predict_on_batch(x), y, rtol=1e-6, atol=1e-6)
        _check_training_step(model, x, y)

    def check_mixed_precision(self):
        keras.config.set_dtype_policy("mixed_float16")
        try:
            y = self.build().predict_on_batch(inputs(self.shape))
        finally:
            keras.config.set_dtype_policy("float32")
        assert np.isfinite(y).all()


@dataclasses.dataclass(frozen=True)
class Problem:
    """A problem."""

    problem: Any

    def check(self, folder):
        x = self.problem.sample(5, seed=3)
        assert x.shape[0] == 5
        np.testing.assert_array_equal(x, self.problem.sample(5, seed=3))
        other = ops.convert_to_numpy(self.problem.sample(5, seed=4))
        assert np.any(ops.convert_to_numpy(x) != other)
        config = keras.saving.serialize_keras_object(self.problem)
        copy = keras.saving.deserialize_keras_object(config)
        assert type(copy) is type(self.problem)
        np.testing.assert_array_equal(copy.sample(5, seed=3), x)


@dataclasses.dataclass(frozen=True)
class Solver:
    """A function that builds a solver of a problem from `(problem, **kwargs)`.

    An `iterative` one takes an `initial_guess`.
    """

    make: Callable
    problem: Any
    answer_shape: tuple
    iterative: bool = True

    def check(self, folder):
        solver = self.make(self.problem)
        x = ops.convert_to_numpy(self.problem.sample(4, seed=1))
        y = ops.convert_to_numpy(solver(x))
        assert y.shape == (4, *self.answer_shape)
        assert (self._objective(x, y) < self._objective(x, np.zeros_like(y))).all()
        # One input is solved as it is in a batch.
        np.testing.assert_allclose(ops.convert_to_numpy(solver(x[:1])), y[:1], rtol=1e-4, atol=1e-5)
        if self.iterative:  # started from its own answer, a descent method does not get worse
            again = ops.convert_to_numpy(self.make(self.problem, initial_guess=solver)(x))
            assert (self._objective(x, again) <= self._objective(x, y) * (1 + 1e-6)).all()

    def _objective(self, x, y):
        return ops.convert_to_numpy(self.problem.objective(x, ops.cast(y, "float32")))


def inputs(shape, batch=6, seed=0):
    """Random inputs in the structure of `shape`: an array, a list of them, or a dict."""
    if isinstance(shape, dict):
        return {name: inputs(each, batch, seed + i) for i, (name, each) in enumerate(shape.items())}
    if isinstance(shape, list):
        return [inputs(each, batch, seed + i) for i, each in enumerate(shape)]
    return np.random.default_rng(seed).random((batch, *shape)).astype("float32")


def _symbolic(shape):
    return [keras.Input(each) for each in shape] if isinstance(shape, list) else keras.Input(shape)


def _shapes(x):
    return [each.shape for each in x] if isinstance(x, list) else x.shape


def _check_training_step(model, x, y):
    before = [ops.convert_to_numpy(v) for v in model.trainable_variables]
    if not before:
        return
    model.compile(keras.optimizers.SGD(1e-3), loss="mse")
    assert np.isfinite(model.train_on_batch(x, y + 1.0))
    after = [ops.convert_to_numpy(v) for v in model.trainable_variables]
    assert all(np.isfinite(v).all() for v in after)
    assert any((a != b).any() for a, b in zip(after, before))
