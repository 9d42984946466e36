"""Why a coordinate network was trained to a wrong answer."""

import numpy as np
from keras import ops
from scipy.spatial import cKDTree

from keras_solvers.pinn.diagnosis import Diagnosis
from keras_solvers.training.second_order.optimizer import SecondOrder
from keras_solvers.training.second_order.spectrum import spectrum


def diagnose(model, points, seed=0):
    """Measures what usually keeps a `PINN` from the answer.

    Gradients of the parts of a loss that differ by orders of magnitude leave the smaller part
    untrained (Wang, Teng and Perdikaris, Understanding and mitigating gradient flow pathologies,
    2021); tanh units learn short waves last (Rahaman et al., On the spectral bias of neural
    networks, 2019).

    Args:
        model: A compiled `PINN`.
        points: Points of its training.
        seed: Seed of new points.

    Returns:
        A `Diagnosis`: `print` it.
    """
    systems = {name: model.least_squares({name: rows}) for name, rows in points.items()}
    parts = {name: system.loss_and_gradient() for name, system in systems.items()}
    own = points["residual"]
    new = model.problem.geometry.sample(len(own), [seed, 1], "uniform")
    on_own, on_new = (_residual(model, rows) for rows in (own, new))
    values = ops.convert_to_numpy(model(ops.convert_to_tensor(new, model.dtype)))
    return Diagnosis(
        loss={name: loss for name, (loss, _) in parts.items()},
        gradient={name: float(np.linalg.norm(gradient)) for name, (_, gradient) in parts.items()},
        first_order=not isinstance(model.optimizer, SecondOrder),
        new_points=float(np.mean(on_new**2) / max(np.mean(on_own**2), 1e-300)),
        gap=_gap(model.problem.geometry, own, new),
        input_size=_input_size(model, own),
        output_size=tuple(np.abs(values).max(0).tolist()),
        smoothness=_smoothness(new, on_new),
        rounding=_rounding(model, systems["residual"], own, on_own),
        spectrum=spectrum(model.least_squares(points)),
    )


def _residual(model, rows):
    return model.evaluate_residuals({"residual": rows})["residual"]


def _gap(geometry, own, new):
    size = geometry.bounds[:, 1] - geometry.bounds[:, 0]
    tree = cKDTree(own / size)
    spacing = np.mean(tree.query(own / size, k=2)[0][:, 1])
    return float(np.max(tree.query(new / size)[0]) / spacing)


def _input_size(model, own):
    """Coordinates as they leave a first `Rescaling`, if there is one."""
    rows = np.abs(own)
    for layer in model.network.layers:
        if type(layer).__name__ == "Rescaling":
            rows = np.abs(ops.convert_to_numpy(layer(own)))
            break
    return float(rows.max())


def _smoothness(points, residual):
    neighbour = cKDTree(points).query(points, k=2)[1][:, 1]
    first, second = residual.ravel(), residual[neighbour].ravel()
    return float(np.corrcoef(first, second)[0, 1])


def _rounding(model, system, points, residual):
    weights = system.parameters
    signs = np.random.default_rng(0).choice([-1.0, 1.0], len(weights))
    system.parameters = weights * (1.0 + np.finfo(model.dtype).eps * signs)
    changed = _residual(model, points)
    system.parameters = weights
    return float(np.linalg.norm(changed - residual) / max(np.linalg.norm(residual), 1e-300))
