"""A differential equation with its domain and conditions: what a coordinate network solves."""

import dataclasses
from collections.abc import Callable, Mapping

from keras_solvers.numerics.geometry.geometry import Geometry
from keras_solvers.pinn.fields.condition import Condition


@dataclasses.dataclass(frozen=True)
class PDE:
    """A boundary value problem, `residual = 0` inside and conditions on the boundary.

    Burgers' equation, for example::

        PDE(
            Box(x=(-1.0, 1.0), t=(0.0, 1.0)),
            lambda x, u: u.t + u * u.x - 0.01 / np.pi * u.xx,
            (
                dirichlet(lambda x: -np.sin(np.pi * x.x), lambda x: x.t == 0.0),
                dirichlet(0.0, lambda x: abs(x.x) == 1.0),
            ),
        )

    Args:
        geometry: The `Geometry`.
        residual: Function `(x, *fields)` that returns the field, or fields, that must vanish;
            unknown coefficients are passed to it by name.
        conditions: `Condition`s, none if the ansatz meets them all.
        num_fields: Number of unknown fields.
        complex_valued: Whether fields are complex. Each is two outputs of the network, its real
            and its imaginary part; equations may hold `1j`, `abs` and `np.conj`.
        ansatz: Function `(x, *outputs)` from the outputs of the network to the fields: to meet
            conditions by construction, or for stream functions. The outputs are the fields if
            `None`.
        coefficients: `{name: initial value}` of unknown coefficients, trained with the network.
    """

    geometry: Geometry
    residual: Callable
    conditions: tuple[Condition, ...] = ()
    num_fields: int = 1
    complex_valued: bool = False
    ansatz: Callable | None = None
    coefficients: Mapping = dataclasses.field(default_factory=dict)

    def sample(self, num_points, num_boundary=0, seed=0, sequence="latin hypercube"):
        """Points of each equation, `{name: rows}`, to be given to `PINN.fit`.

        Args:
            num_points: Points inside.
            num_boundary: Points of each condition without points of its own.
            seed: Seed.
            sequence: See `Geometry.sample`.

        Raises:
            ValueError: If a condition has no points.
        """
        if num_boundary < 1 and any(c.given is None for c in self.conditions):
            raise ValueError(
                "There are conditions on the boundary, so `num_boundary` must be at least 1. "
                f"Received: num_boundary={num_boundary}"
            )
        points = {"residual": self.geometry.sample(num_points, seed, sequence)}
        for name, condition in self.named_conditions().items():
            points[name] = condition.sample(self.geometry, num_boundary, seed)
        return points

    def named_conditions(self):
        """`{name: condition}`."""
        return {f"condition {number}": c for number, c in enumerate(self.conditions)}

    def equation_weights(self):
        """Factors of the mean squares in the loss, `{equation: number}`: 1 for the residual."""
        return {"residual": 1.0, **{n: c.weight for n, c in self.named_conditions().items()}}

    def num_columns(self, name):
        """Columns of the points of an equation: coordinates, normals on boundaries, given data."""
        condition = self.named_conditions().get(name)
        if condition is None:
            return len(self.geometry.coordinates)
        given = condition.given
        return 2 * len(self.geometry.coordinates) if given is None else given.shape[1]
