"""What a closure of two tensors may depend on: their invariants, and tensors made of both."""

import keras

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import (
    Basis,
    Invariants,
)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StrainRotationInvariants(Invariants):
    """`tr S^2, tr R^2, tr S^3, tr R^2 S, tr R^2 S^2` of a strain rate and a rotation rate.

    What a symmetric tensor without trace and an antisymmetric one have in common with their images
    in turned axes, up to a sign: a sixth, `tr S^2 R^2 S R`, has a square that is a polynomial of
    these. Pope's ten tensors make up for it, since there are twice as many as are independent
    (Pope, A more general effective-viscosity hypothesis, 1975, J. Fluid Mech. 72, section 3).

    Shapes:
        x: `(batch, 2, 3, 3)`, `S` and `R`.
        y: `(batch, 5)`.
    """

    words = ("AA", "BB", "AAA", "BBA", "BBAA")


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
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

    trace_free = True


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class SymmetricPairInvariants(Invariants):
    """The ten invariants of two symmetric tensors, such as a strain and its rate.

    Reference: Zheng, Theory of representations for tensor functions, 1994, table 1.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        y: `(batch, 10)`.
    """

    words = ("A", "AA", "AAA", "B", "BB", "BBB", "AB", "AAB", "ABB", "AABB")


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class SymmetricPairBasis(Basis):
    """The identity and seven more: all symmetric isotropic functions of two symmetric tensors.

    Reference: Zheng, Theory of representations for tensor functions, 1994, table 1.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        y: `(batch, 8, 3, 3)`.
    """

    words = ("", "A", "B", "AA", "BB", "AB+BA", "AAB+BAA", "ABB+BBA")
