"""The answers. Each function yields the inputs of its check and scores the answer."""

import numpy as np

from keras_solvers.applications.sparse_coding import learn_dictionary, photograph_patches
from keras_solvers.grading import Verdict, at_least, at_most, both, close, log_ramp

EXACT = 1e-8  # relative; rounding of a dozen steps, with room
SINGLE = 1e-4  # the same in single precision


def _shrink(u, threshold):
    return u - np.clip(u, -threshold, threshold)


def _codes(x, dictionary, penalty, num_steps, accelerated):
    """Codes after each step, the zero code first."""
    length = np.linalg.eigvalsh(dictionary.T @ dictionary)[-1]
    codes = [np.zeros((len(x), dictionary.shape[1]))]
    point, t = codes[0], 1.0
    for _ in range(num_steps):
        residual = x - point @ dictionary.T
        codes.append(_shrink(point + residual @ dictionary / length, penalty / length))
        t, old = (1.0 + np.sqrt(1.0 + 4.0 * t * t)) / 2.0, t
        momentum = (old - 1.0) / t if accelerated else 0.0
        point = codes[-1] + momentum * (codes[-1] - codes[-2])
    return codes


def _objective(x, y, dictionary, penalty):
    misfit = x - y @ dictionary.T
    return 0.5 * np.sum(misfit**2, axis=-1) + penalty * np.sum(np.abs(y), axis=-1)


def _case(rng, batch=6, signal_dim=9, num_atoms=14):
    """A small problem whose dictionary is not normalised, so that L is not near 1."""
    dictionary = rng.normal(size=(signal_dim, num_atoms))
    x = 2.0 * rng.normal(size=(batch, signal_dim))
    return {"x": x, "dictionary": dictionary, "penalty": rng.uniform(0.3, 0.6)}


def soft_threshold(rng):
    u, threshold = rng.normal(size=(5, 7)), rng.uniform(0.3, 0.9)
    thresholds = rng.uniform(0.0, 1.0, 7)
    answer = yield {"u": u, "threshold": threshold, "thresholds": thresholds}
    return both(
        close(answer.array("one", (5, 7)), _shrink(u, threshold), EXACT),
        close(answer.array("each", (5, 7)), _shrink(u, thresholds), EXACT),
    )


def ista(rng):
    case = _case(rng)
    answer = yield case
    codes = _codes(**case, num_steps=6, accelerated=False)
    return both(*[close(answer.array(f"y{k}", (6, 14)), codes[k], EXACT) for k in (1, 6)])


def ista_descends(rng):
    case = _case(rng, signal_dim=14, num_atoms=9)
    answer = yield case
    energy = np.mean(_objective(y=answer.array("y", (7, 6, 9)), **case), axis=-1)
    codes = _codes(**case, num_steps=2000, accelerated=False)
    own, best = (np.mean(_objective(y=codes[k], **case)) for k in (300, 2000))
    limit = max(1e-3, 1.5 * (own - best) / best)  # now and then 300 steps are few
    return both(
        at_most(np.max(np.diff(energy)), 1e-9 * energy[0], " (largest rise of the objective)"),
        at_most((energy[-1] - best) / best, limit, " gap after 300 steps"),
    )


def fista(rng):
    case = _case(rng)
    answer = yield case
    codes = _codes(**case, num_steps=12, accelerated=True)
    return both(*[close(answer.array(f"y{k}", (6, 14)), codes[k], EXACT) for k in (1, 3, 12)])


def lista_start(rng):
    case = _case(rng)
    answer = yield case
    codes = _codes(**case, num_steps=4, accelerated=False)
    return both(*[close(answer.array(f"y{k}", (6, 14)), codes[k], SINGLE) for k in (1, 4)])


def lista_weights(rng):
    answer = yield {**_case(rng, batch=200), "num_layers": 3}
    sizes = sorted(answer.array("sizes", (None,)).tolist())
    expected = sorted(3 * [9.0 * 14.0, 14.0])
    moved = answer.array("moved", (None,))
    return both(
        Verdict(float(sizes == expected), f"sizes {sizes}", f"{expected}"),
        at_least(np.mean(moved), 1.0, " of them move in training"),
    )


def lista_shrinks(rng):
    case = _case(rng, batch=50)
    answer = yield case
    y, doubled = answer.array("y", (50, 14)), answer.array("doubled", (50, 14))
    # |u| - t doubles to 2 |u| - t: more than twice if t > 0, less if t < 0.
    excess = np.min(np.abs(doubled) - 2.0 * np.abs(y)) / np.max(np.abs(y))
    return at_least(
        excess, -1e-5, " (least excess of the answer to a doubled input over twice the answer)"
    )


def loss(rng):
    case = {key: np.float32(value) for key, value in _case(rng).items()}
    y = rng.normal(size=(6, 14)).astype("float32")
    answer = yield {**case, "y": y}
    return close(answer.array("loss", (6,)), _objective(y=y, **case), SINGLE)


def gain(rng, none, full):
    x = photograph_patches("flower", 500, size=8, seed=int(rng.integers(1 << 30)))
    answer = yield {"x": x, "seed": int(rng.integers(1 << 30))}
    patches = photograph_patches("china", 8000, size=8, seed=0)
    case = {"x": x.astype("float64"), "penalty": 0.1}
    case["dictionary"] = learn_dictionary(patches, 128, 0.1, num_epochs=2)
    best = np.mean(_objective(y=_codes(**case, num_steps=1000, accelerated=True)[-1], **case))
    gap = np.mean(_objective(y=answer.array("y", (500, 128)), **case)) / best - 1.0
    return log_ramp(gap, none, full, " gap")


def export(rng):
    case = _case(rng)
    answer = yield case
    before = answer.array("before", (6, 14))
    return close(answer.array("after", (6, 14)), before, 1e-6)
