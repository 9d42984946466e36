"""Invariants and tensor bases of two tensors."""

import keras

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import (
    Basis,
    Invariants,
)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StrainRotationInvariants(Invariants):
    """`tr S^2, tr R^2, tr S^3, tr R^2 S, tr R^2 S^2` of a strain rate and a rotation rate.

    These are the invariants of a symmetric, trace-free tensor and an antisymmetric one under
    orthogonal transformations, except for one sign: the square of a sixth, `tr S^2 R^2 S R`, is a
    polynomial in the five. Pope's basis of ten tensors, twice as many as are independent,
    compensates for the missing sign (Pope, A more general effective-viscosity hypothesis, 1975,
    J. Fluid Mech. 72, section 3).

    Shapes:
        x: `(batch, 2, 3, 3)`, `S` and `R`.
        y: `(batch, 5)`.
    """

    words = ("AA", "BB", "AAA", "BBA", "BBAA")


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StrainRotationBasis(Basis):
    """Pope's ten symmetric, trace-free tensors of a strain rate and a rotation rate.

    Every symmetric, trace-free isotropic tensor function of `S` and `R` is a linear combination of
    them, with coefficients that are functions of the invariants. Products of higher order reduce to
    such combinations by the Cayley-Hamilton theorem (Pope, A more general effective-viscosity
    hypothesis, 1975, J. Fluid Mech. 72, section 3).

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
    """Basis of the symmetric isotropic tensor functions of two symmetric tensors.

    It consists of the identity and seven products.

    Reference: Zheng, Theory of representations for tensor functions, 1994, table 1.

    Shapes:
        x: `(batch, 2, 3, 3)`.
        y: `(batch, 8, 3, 3)`.
    """

    words = ("", "A", "B", "AA", "BB", "AB+BA", "AAB+BAA", "ABB+BBA")
