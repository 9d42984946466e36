"""Dictionaries learned from patches, kept with their checksum."""

import hashlib
import warnings
import zipfile
from collections.abc import Callable, Iterable

import numpy as np

from keras_solvers import files
from keras_solvers.data.locate import cache_folder, find

BATCH_SIZE = 512


def learn_dictionary(
    patches: np.ndarray,
    num_atoms: int,
    penalty: float,
    num_epochs: int = 1,
    seed: int = 0,
    progress: Callable[[Iterable], Iterable] = iter,
) -> np.ndarray:
    """Learns unit-norm atoms in which the patches have sparse codes.

    A dictionary that was learned before is read: from the user's cache, or, for the lab and the
    default run, from the small sets that come with the package.

    The work is done by scikit-learn's `MiniBatchDictionaryLearning` (Mairal, Bach, Ponce and
    Sapiro, Online dictionary learning for sparse coding, 2009).

    Args:
        patches: `(num_patches, signal_dim)`.
        num_atoms: Number of atoms.
        penalty: Weight of the l1 norm, in the convention of `SparseCoding`.
        num_epochs: Passes over the patches.
        seed: Seed of the initial atoms and of the order of the patches.
        progress: Wraps the loop over the batches, for example `rich.progress.track`.

    Returns:
        float64 array `(signal_dim, num_atoms)` with unit columns.
    """
    settings = f"{num_atoms} {penalty} {num_epochs} {seed}"
    key = hashlib.sha256((files.sha256(patches) + settings).encode()).hexdigest()[:16]
    name = f"dictionaries/{key}.npz"
    dictionary = _read(find(name))
    if dictionary is None:
        dictionary = _learn(patches, num_atoms, penalty, num_epochs, seed, progress)
        checksum = np.array(files.sha256(dictionary))
        arrays = {"dictionary": dictionary, "checksum": checksum}
        files.write_arrays(cache_folder() / name, arrays)
    return dictionary


def _read(path):
    if path is None:
        return None
    try:
        with open(path, "rb") as source, np.load(source, allow_pickle=False) as file:
            dictionary, checksum = file["dictionary"], str(file["checksum"])
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        checksum = dictionary = None
    if dictionary is None or files.sha256(dictionary) != checksum:
        warnings.warn(f"The cached dictionary {path} is damaged and is learned anew.", stacklevel=3)
        return None
    return dictionary


def _learn(patches, num_atoms, penalty, num_epochs, seed, progress):
    from sklearn.decomposition import MiniBatchDictionaryLearning
    from sklearn.exceptions import ConvergenceWarning

    learner = MiniBatchDictionaryLearning(
        n_components=num_atoms, alpha=penalty, fit_algorithm="cd", random_state=seed
    )
    generator = np.random.default_rng(seed)
    patches = generator.permutation(np.tile(patches, (num_epochs, 1)).astype("float64"))
    with warnings.catch_warnings():
        # Codes need not be exact while the atoms still move.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for begin in progress(range(0, len(patches), BATCH_SIZE)):
            learner.partial_fit(patches[begin : begin + BATCH_SIZE])
    # Scikit-learn bounds the norms by one; atoms that were never used may be shorter.
    atoms = learner.components_
    return np.ascontiguousarray((atoms / np.linalg.norm(atoms, axis=1, keepdims=True)).T)
