"""What the measurements of `diagnose` mean, and what to do about it."""

import dataclasses

from keras_solvers.training.second_order.spectrum import Spectrum

_MAX_GRADIENT_RATIO = 30.0  # beyond which one equation alone is trained
_MAX_GENERALIZATION = 10.0  # ratio of mean squares on new points and on those of the training
_MAX_GAP = 3.0  # between points, in their mean distance; of even points about 2
_MAX_SIZE = 10.0  # of coordinates or outputs that tanh units reach well
_MIN_SMOOTHNESS = 0.3  # correlation of neighbours below which the residual is noise
_MAX_FLAT = 0.5  # share of the loss that is out of the reach of gradient steps
_MAX_ROUNDING = 0.05  # share of the residual that rounding of the weights changes


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """Measurements of a trained `PINN`; `print` shows what follows from them.

    Attributes:
        loss: Weighted mean square of each equation, `{name: number}`.
        gradient: Norm of the gradient of each of these in the weights.
        first_order: Whether the optimizer uses the gradient alone.
        new_points: Mean square of the residual on points that training never saw, over that on
            its own.
        gap: Largest distance of any point of the domain to a point of training, over the mean
            distance between these, in coordinates scaled to a unit box.
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
        ratio = self.gradient[strong] / max(self.gradient[weak], 1e-300)
        found = [
            (
                self.rounding > _MAX_ROUNDING,
                f"Rounding of the weights changes {self.rounding:.0%} of the residual: training "
                'is near the limit of the precision. Build the network with dtype="float64".',
            ),
            (
                self.input_size > _MAX_SIZE,
                f"Coordinates up to {self.input_size:.3g} reach the first layer, whose units are "
                "then saturated. Pass `bounds` to `coordinate_mlp`, or use other units.",
            ),
            (
                max(self.output_size) > _MAX_SIZE or max(self.output_size) < 1.0 / _MAX_SIZE,
                f"Fields are as large as {', '.join(f'{s:.3g}' for s in self.output_size)}. Use "
                "units in which they are of order one, or scale them in the ansatz.",
            ),
            (
                self.new_points > _MAX_GENERALIZATION,
                f"On points that training never saw the residual's mean square is "
                f"{self.new_points:.3g} times larger. Take more points, or a `sampler`.",
            ),
            (
                self.gap > _MAX_GAP,
                f"The points leave a gap: a part of the domain is {self.gap:.2g} times their mean "
                "distance away from all of them. Spread them evenly, as `PDE.sample` does.",
            ),
            (
                self.first_order and ratio > _MAX_GRADIENT_RATIO,
                f"The gradient of `{strong}` is {ratio:.3g} times that of `{weak}`. Raise the "
                f"weight of `{weak}`, meet it by an ansatz, or use `LevenbergMarquardt`.",
            ),
            (
                self.first_order and self.spectrum.flat_fraction > _MAX_FLAT,
                f"{self.spectrum.flat_fraction:.0%} of the loss lies along directions that are "
                "10,000 times flatter than the steepest (condition number "
                f"{self.spectrum.condition_number:.0e}): gradient steps do not remove it. Use "
                "`LevenbergMarquardt` or `SelfScaledBroyden`.",
            ),
            (
                self.smoothness < _MIN_SMOOTHNESS,
                f"The residual is rough: neighbours correlate by {self.smoothness:.2f}. Short "
                "waves are missing: take a larger network, an embedding, or more points.",
            ),
        ]
        return [sentence for wrong, sentence in found if wrong]

    def __str__(self):
        return "\n".join(self.advice()) or "Nothing was found that would keep it from the answer."
