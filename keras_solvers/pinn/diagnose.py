"""Why a coordinate network was trained to a wrong answer."""

import dataclasses

import numpy as np
from keras import ops
from scipy.spatial import cKDTree

from keras_solvers.pinn.optimizers.second_order import LeastSquares
from keras_solvers.pinn.optimizers.spectrum import Spectrum, spectrum

_UNEVEN = 30.0  # ratio of gradients beyond which one equation alone is trained
_FORGOTTEN = 10.0  # ratio of mean squares on new points and on those of the training
_FAR = 3.0  # gaps between points, in their mean distance; of even points about 2
_LARGE = 10.0  # size of coordinates or outputs that tanh units do not reach well
_ROUGH = 0.3  # correlation of neighbours below which the residual is noise between the points
_SLOW = 0.5  # share of the loss that is out of the reach of gradient steps
_ROUNDING = 0.05  # share of the residual that rounding of the weights changes: the rest is noise


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """What was measured, and what follows from it.

    Attributes:
        loss: Weighted mean square of each equation, `{name: number}`.
        gradient: Norm of the gradient of each of these in the weights.
        first_order: Whether the optimizer sees the gradient alone.
        new_points: Mean square of the residual on points that training never saw, over that on
            its own.
        gap: Largest distance of a place to a point of training, over the mean distance between
            these, in coordinates scaled to a unit box.
        input_size: Largest coordinate that reaches the first layer.
        output_size: Largest value of each field.
        smoothness: Correlation of the residual at neighbouring points.
        rounding: Share of the residual that changes when weights change by their rounding.
        spectrum: `Spectrum` of the loss: its condition number, and how much of it is flat.
    """

    loss: dict
    gradient: dict
    first_order: bool
    new_points: float
    gap: float
    input_size: float
    output_size: tuple
    smoothness: float
    rounding: float
    spectrum: Spectrum

    def advice(self):
        """Sentences, the gravest first; empty if nothing was found."""
        strong = max(self.gradient, key=self.gradient.get)
        weak = min(self.gradient, key=self.gradient.get)
        share = self.gradient[strong] / max(self.gradient[weak], 1e-300)
        found = [
            (
                self.rounding > _ROUNDING,
                f"Rounding of the weights changes {self.rounding:.0%} of the residual: training "
                'is near the limit of the precision. Build the network with dtype="float64".',
            ),
            (
                self.input_size > _LARGE,
                f"Coordinates up to {self.input_size:.3g} reach the first layer, whose units are "
                "then saturated. Pass `bounds` to `coordinate_mlp`, or use other units.",
            ),
            (
                max(self.output_size) > _LARGE or max(self.output_size) < 1.0 / _LARGE,
                f"Fields are as large as {', '.join(f'{s:.3g}' for s in self.output_size)}. Use "
                "units in which they are of order one, or scale them in the ansatz.",
            ),
            (
                self.new_points > _FORGOTTEN,
                f"On points that training never saw the residual's mean square is "
                f"{self.new_points:.3g} times larger. Take more points, or a `sampler`.",
            ),
            (
                self.gap > _FAR,
                f"A place is {self.gap:.2g} times the mean distance away from all points. "
                "Spread the points evenly, as `PDE.sample` does.",
            ),
            (
                self.first_order and share > _UNEVEN,
                f"The gradient of `{strong}` is {share:.3g} times that of `{weak}`. Raise the "
                f"weight of `{weak}`, meet it by an ansatz, or use `LevenbergMarquardt`.",
            ),
            (
                self.first_order and self.spectrum.flat > _SLOW,
                f"{self.spectrum.flat:.0%} of the loss lies along directions that are 10,000 times "
                "flatter than the steepest (condition number "
                f"{self.spectrum.condition:.0e}): gradient steps do not remove it. Use "
                "`LevenbergMarquardt` or `SelfScaledBroyden`.",
            ),
            (
                self.smoothness < _ROUGH,
                f"The residual is rough: neighbours correlate by {self.smoothness:.2f}. What is "
                "left are short waves: take a larger network, an embedding, or more points.",
            ),
        ]
        return [sentence for wrong, sentence in found if wrong]

    def __str__(self):
        return "\n".join(self.advice()) or "Nothing was found that would keep it from the answer."


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
    systems = {name: LeastSquares(model, {name: rows}) for name, rows in points.items()}
    parts = {name: system.loss_and_gradient() for name, system in systems.items()}
    own = points["residual"]
    new = model.problem.geometry.sample(len(own), [seed, 1], "uniform")
    here, there = (_residual(model, rows) for rows in (own, new))
    values = ops.convert_to_numpy(model(ops.convert_to_tensor(new, model.dtype)))
    return Diagnosis(
        loss={name: loss for name, (loss, _) in parts.items()},
        gradient={name: float(np.linalg.norm(slope)) for name, (_, slope) in parts.items()},
        first_order=model.second_order is None,
        new_points=float(np.mean(there**2) / max(np.mean(here**2), 1e-300)),
        gap=_gap(model.problem.geometry, own, new),
        input_size=_input_size(model, own),
        output_size=tuple(np.abs(values).max(0).tolist()),
        smoothness=_smoothness(new, there),
        rounding=_rounding(model, systems["residual"], own, here),
        spectrum=spectrum(LeastSquares(model, points)),
    )


def _residual(model, rows):
    equation = model.compiled_equations()[0]["residual"]
    return ops.convert_to_numpy(equation(ops.convert_to_tensor(rows, model.dtype)))


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


def _rounding(model, system, own, here):
    weights = system.weights
    signs = np.random.default_rng(0).choice([-1.0, 1.0], len(weights))
    system.weights = weights * (1.0 + np.finfo(model.dtype).eps * signs)
    moved = _residual(model, own)
    system.weights = weights
    return float(np.linalg.norm(moved - here) / max(np.linalg.norm(here), 1e-300))
