"""Invariants and tensor bases of a strain rate, a rotation rate and vectors."""

import string

import keras

from keras_solvers.applications.turbulence_closure.layers.tensor_polynomials import (
    Basis,
    Invariants,
)


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StrainRotationVectorInvariants(Invariants):
    """Invariants of a strain rate `S`, a rotation rate `R` and vectors such as gradients.

    - of `S` and `R`: Pope's five and `tr S^2 R^2 S R`, which is odd in `R`,
    - of each vector `v`: `v.v, v.S v, v.S^2 v, v.R^2 v, v.S R v, v.S^2 R v, v.R S R^2 v`,
    - of each pair: `2 u.v, 2 u.S v, 2 u.S^2 v, 2 u.R^2 v, -2 u.R v, -u.(S R + R S) v`.

    The list is complete: two sets of tensors and vectors have the same invariants exactly if an
    orthogonal transformation maps one to the other (Zheng, Theory of representations for tensor
    functions, 1994, Appl. Mech. Rev. 47, table 1).

    Args:
        num_vectors: Number of vectors, 1 to 4: each product of two vectors needs its own letter.

    Shapes:
        x: `(batch, 2 + num_vectors^2, 3, 3)`: `S`, `R` and the `VectorProducts`.
        y: `(batch, 6 + 7 n + 3 n (n - 1))` with `n` vectors: 13 with one, 26 with two.
    """

    def __init__(self, num_vectors: int = 1, **kwargs):
        super().__init__(**kwargs)
        self.num_vectors = num_vectors
        self.words = _words(
            num_vectors,
            ("AA", "BB", "AAA", "BBA", "BBAA", "AABBAB"),
            ("C", "CA", "CAA", "CBB", "CAB", "CAAB", "CBABB"),
            ("D", "DA", "DAA", "DBB", "BE", "EAB"),
        )

    def get_config(self):
        return {**super().get_config(), "num_vectors": self.num_vectors}


@keras.saving.register_keras_serializable(package="keras_solvers.turbulence_closure")
class StrainRotationVectorBasis(Basis):
    """Symmetric, trace-free tensors of a strain rate, a rotation rate and vectors.

    - of `S` and `R`: `S, S^2, R^2, S R - R S, R S R, S^2 R - R S^2, R S R^2 - R^2 S R`,
    - of each vector, with `V = v v^T`: `V, V S + S V, V S^2 + S^2 V, R V - V R, R V R,
      R V R^2 - R^2 V R`,
    - of each pair, with `F = u v^T - v u^T`: `u v^T + v u^T, S F - F S, R F + F R`.

    Every symmetric, trace-free isotropic tensor function is a linear combination of them, with
    coefficients that are functions of the `StrainRotationVectorInvariants`. Pope's basis has ten
    tensors of `S` and `R` instead of the first seven, because it uses one invariant less.

    Vectors enter as vectors. As antisymmetric tensors `I x v` (Wu, Xiao and Paterson, 2018) they
    would not be equivariant under reflections.

    Args:
        num_vectors: Number of vectors, 1 to 4: each product of two vectors needs its own letter.

    Shapes:
        x: `(batch, 2 + num_vectors^2, 3, 3)`: `S`, `R` and the `VectorProducts`.
        y: `(batch, 7 + 6 n + 3 n (n - 1) / 2, 3, 3)` with `n` vectors: 13 with one, 22 with two.

    Reference: Zheng, Theory of representations for tensor functions, 1994, Appl. Mech. Rev. 47,
    table 1.
    """

    trace_free = True

    def __init__(self, num_vectors: int = 1, **kwargs):
        super().__init__(**kwargs)
        self.num_vectors = num_vectors
        self.words = _words(
            num_vectors,
            ("A", "AA", "BB", "AB-BA", "BAB", "AAB-BAA", "BABB-BBAB"),
            ("C", "CA+AC", "CAA+AAC", "BC-CB", "BCB", "BCBB-BBCB"),
            ("D", "AE-EA", "BE+EB"),
        )

    def get_config(self):
        return {**super().get_config(), "num_vectors": self.num_vectors}


def _words(num_vectors, tensors, vector, pair):
    """Words of `S` and `R`, then those of each vector, `C`, and of each pair, `D` and `E`.

    Raises:
        ValueError: If there are no vectors, or more products than letters.
    """
    if num_vectors not in (1, 2, 3, 4):
        raise ValueError(
            "`num_vectors` must be 1, 2, 3 or 4: there are no letters for the products of more. "
            f"Received: num_vectors={num_vectors}"
        )
    letters = string.ascii_uppercase[2 : 2 + num_vectors**2]
    squares, mixed = letters[:num_vectors], letters[num_vectors:]
    words = list(tensors)
    for letter in squares:
        words += [word.replace("C", letter) for word in vector]
    for letters_of_pair in zip(mixed[::2], mixed[1::2]):
        table = str.maketrans("DE", "".join(letters_of_pair))
        words += [word.translate(table) for word in pair]
    return tuple(words)
