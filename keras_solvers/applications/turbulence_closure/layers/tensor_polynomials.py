"""Polynomials in matrices: invariants, which are traces, and equivariant tensors."""

import re
from collections.abc import Sequence

import keras
from keras import ops


class TensorPolynomials(keras.layers.Layer):
    """Polynomials in matrices `A, B, C, ...`, given as words: `"AB-BA"` means `A B - B A`.

    Shapes:
        x: `(batch, num_tensors, 3, 3)`, one matrix for each letter.
    """

    words = ()

    @property
    def num_tensors(self):
        return 1 + ord(max("A", *"".join(self.words))) - ord("A")

    def polynomials(self, x):
        """`(batch, num_words, 3, 3)`."""
        self._check(x.shape)
        products = {chr(ord("A") + i): x[:, i] for i in range(self.num_tensors)}
        return ops.stack([_polynomial(word, products) for word in self.words], axis=1)

    def _check(self, shape):
        if tuple(shape[1:]) != (self.num_tensors, 3, 3):
            raise ValueError(
                f"{self.num_tensors} tensors are expected, (batch, {self.num_tensors}, 3, 3). "
                f"Received: shape {tuple(shape)}"
            )


class Invariants(TensorPolynomials):
    """Traces of products, which are invariant under orthogonal transformations.

    Shapes:
        y: `(batch, num_words)`.
    """

    def call(self, x):
        return trace(self.polynomials(x))

    def compute_output_shape(self, input_shape):
        self._check(input_shape)
        return (input_shape[0], len(self.words))


class Basis(TensorPolynomials):
    """Tensors that are equivariant under orthogonal transformations.

    Shapes:
        y: `(batch, num_words, 3, 3)`.
    """

    trace_free = False

    def call(self, x):
        tensors = self.polynomials(x)
        return without_trace(tensors) if self.trace_free else tensors

    def compute_output_shape(self, input_shape):
        self._check(input_shape)
        return (input_shape[0], len(self.words), 3, 3)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class TensorInvariants(Invariants):
    """Traces of given words: invariants of any list of tensors.

    Args:
        words: Words such as `"A"`, `"AAB"` or `"AB-BA"`, with one letter for each tensor.
    """

    def __init__(self, words: Sequence[str], **kwargs):
        super().__init__(**kwargs)
        self.words = _checked(words)

    def get_config(self):
        return {**super().get_config(), "words": list(self.words)}


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class InvariantTensorBasis(Basis):
    """Equivariant tensors of given words: the basis of any tensor closure.

    Args:
        words: Words such as `""`, which is the identity, `"A"` or `"AB+BA"`.
        trace_free: Whether the trace of each tensor is removed.
    """

    def __init__(self, words: Sequence[str], trace_free: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.words = _checked(words)
        self.trace_free = trace_free

    def get_config(self):
        config = {"words": list(self.words), "trace_free": self.trace_free}
        return {**super().get_config(), **config}


def _checked(words):
    for word in words:
        if not re.fullmatch(r"[A-Z]*|[A-Z]+[+-][A-Z]+", word):
            raise ValueError(
                "A word is a product of matrices, `ABB`, or two of them, `AB-BA`. "
                f"Received: words={words}"
            )
    return tuple(words)


def trace(x):
    """Trace over the last two axes; ONNX Runtime cannot run the export of `ops.trace`."""
    return ops.sum(x * ops.eye(3, dtype=x.dtype), axis=(-2, -1))


def without_trace(x):
    """Trace-free part of the matrices in the last two axes."""
    return x - trace(x)[..., None, None] / 3.0 * ops.eye(3, dtype=x.dtype)


def _polynomial(word, products):
    """Value of a word; `products` caches products that words share."""
    if not word:
        return ops.broadcast_to(ops.eye(3, dtype=products["A"].dtype), ops.shape(products["A"]))
    first, sign, second = word.partition("+" if "+" in word else "-")
    value = _product(first, products)
    if not sign:
        return value
    other = _product(second, products)
    return value + other if sign == "+" else value - other


def _product(letters, products):
    if letters not in products:
        products[letters] = ops.matmul(_product(letters[:-1], products), products[letters[-1]])
    return products[letters]
