"""Invariants and isotropic tensor functions of two tensors: what a closure may depend on."""

import keras
from keras import ops


class TensorPolynomials(keras.layers.Layer):
    """Polynomials in two matrices `A` and `B`, given as words: `"AB-BA"` is `A B - B A`.

    Shapes:
        x: `(batch, 2, 3, 3)`, `A` and `B`.
    """

    words = ()

    def polynomials(self, x):
        """`(batch, num_words, 3, 3)`."""
        self._check(x.shape)
        products = {"A": x[:, 0], "B": x[:, 1]}
        return ops.stack([_polynomial(word, products) for word in self.words], axis=1)

    def _check(self, shape):
        if len(shape) != 4 or tuple(shape[1:]) != (2, 3, 3):
            raise ValueError(
                f"Two tensors are expected, (batch, 2, 3, 3). Received: shape {tuple(shape)}"
            )


class Invariants(TensorPolynomials):
    """Traces of products, which no rotation or reflection of the axes changes.

    Shapes:
        y: `(batch, num_words)`.
    """

    def call(self, x):
        return ops.trace(self.polynomials(x), axis1=-2, axis2=-1)

    def compute_output_shape(self, input_shape):
        self._check(input_shape)
        return (input_shape[0], len(self.words))


class Basis(TensorPolynomials):
    """Symmetric tensors that turn with the axes.

    Shapes:
        y: `(batch, num_words, 3, 3)`.
    """

    def call(self, x):
        return self.polynomials(x)

    def compute_output_shape(self, input_shape):
        self._check(input_shape)
        return (input_shape[0], len(self.words), 3, 3)


@keras.saving.register_keras_serializable(package="keras_solvers")
class StrainRotationInvariants(Invariants):
    """`tr S^2, tr R^2, tr S^3, tr R^2 S, tr R^2 S^2` of a strain rate and a rotation rate.

    All that a symmetric tensor without trace and an antisymmetric one have in common with their
    images in turned axes (Pope, A more general effective-viscosity hypothesis, 1975, J. Fluid Mech.
    72, section 3).

    Shapes:
        x: `(batch, 2, 3, 3)`, `S` and `R`.
        y: `(batch, 5)`.
    """

    words = ("AA", "BB", "AAA", "BBA", "BBAA")


@keras.saving.register_keras_serializable(package="keras_solvers")
class StrainRotationBasis(Basis):
    """Pope's ten tensors of a strain rate and a rotation rate, symmetric and without trace.

    Every isotropic tensor function of `S` and `R` that is symmetric and without trace is a sum of
    them whose coefficients are functions of the invariants: products of higher order are such sums
    by the theorem of Cayley and Hamilton (Pope, A more general effective-viscosity hypothesis,
    1975, J. Fluid Mech. 72, section 3).

    Shapes:
        x: `(batch, 2, 3, 3)`, `S` and `R`.
        y: `(batch, 10, 3, 3)`.
    """

    words = (
        "A",
        "AB-BA",
        "AA",
        "BB",
        "BAA-AAB",
        "BBA+ABB",
        "BABB-BBAB",
        "ABAA-AABA",
        "BBAA+AABB",
        "BAABB-BBAAB",
    )

    def call(self, x):
        tensors = self.polynomials(x)
        trace = ops.trace(tensors, axis1=-2, axis2=-1)[..., None, None]
        return tensors - trace / 3.0 * ops.eye(3, dtype=tensors.dtype)


@keras.saving.register_keras_serializable(package="keras_solvers")
class SymmetricPairInvariants(Invariants):
    """The ten invariants of two symmetric tensors, such as a strain and its rate.

    Reference: Zheng, Theory of representations for tensor functions, 1994, table 1.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        y: `(batch, 10)`.
    """

    words = ("A", "AA", "AAA", "B", "BB", "BBB", "AB", "AAB", "ABB", "AABB")


@keras.saving.register_keras_serializable(package="keras_solvers")
class SymmetricPairBasis(Basis):
    """The identity and seven more: all symmetric isotropic functions of two symmetric tensors.

    Reference: Zheng, Theory of representations for tensor functions, 1994, table 1.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        y: `(batch, 8, 3, 3)`.
    """

    words = ("", "A", "B", "AA", "BB", "AB+BA", "AAB+BAA", "ABB+BBA")


def _polynomial(word, products):
    """Value of a word; `products` keeps what words have in common."""
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
