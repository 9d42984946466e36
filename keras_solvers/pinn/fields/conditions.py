"""The usual conditions, on a boundary, at the initial time, and where data are given."""

import numpy as np

from keras_solvers.pinn.fields.condition import Condition


def dirichlet(value, where=None, *, field=0, weight=1.0):
    """The field has a value, a number or a function of `x`; at `t = 0` an initial condition."""

    def equation(x, *fields):
        return fields[field] - _at(value, x)

    return Condition(equation, where, weight, prescribed_value=(field, value))


def neumann(value, where=None, *, field=0, weight=1.0):
    """The derivative along the outward normal has a value, a number or a function of `x`."""

    def equation(x, *fields):
        return normal_derivative(x, fields[field]) - _at(value, x)

    return Condition(equation, where, weight, prescribed_normal_derivative=value)


def robin(factor, value, where=None, *, field=0, weight=1.0):
    """`du/dn + factor u = value`."""

    def equation(x, *fields):
        u = fields[field]
        return normal_derivative(x, u) + _at(factor, x) * u - _at(value, x)

    return Condition(equation, where, weight)


def initial_time_derivative(value, where, *, coordinate="t", field=0, weight=1.0):
    """The derivative in time has a value: second initial condition of the wave equation."""

    def equation(x, *fields):
        return fields[field].derivative(coordinate) - _at(value, x)

    return Condition(equation, where, weight)


def periodic(coordinate, low, high, *, order=1, weight=1.0):
    """All fields and their derivatives up to `order` agree at both ends of a coordinate."""

    def equation(x, *fields):
        jumps = []
        for u in fields:
            for _ in range(order + 1):
                jumps.append(u.shifted(**{coordinate: high - low}) - u)
                u = u.derivative(coordinate)
        return tuple(jumps)

    return Condition(equation, lambda x: getattr(x, coordinate) == low, weight)


def interface(
    geometry, where=None, *, fields=(0, 1), jump=0.0, factors=(1.0, 1.0), flux=0.0, weight=1.0
):
    """Coupling of two fields at the boundary of a shape inside the domain.

    `u - v = jump` and `a du/dn - b dv/dn = flux`, with the outward normal of the shape: two media,
    or two parts of a domain, each with a network of its own (the conditions of Jagtap and
    Karniadakis, Extended physics-informed neural networks, 2020, for equations of second order).
    An equation is restricted to its part by a comparison: `(x.x < 0.5) * (u.xx + 1.0)`.

    Args:
        geometry: The shape.
        where: As in `Condition`.
        fields: Numbers of `u` and `v`.
        jump: A number or a function of `x`.
        factors: `a` and `b`, numbers or functions of `x`.
        flux: A number or a function of `x`.
        weight: As in `Condition`.
    """

    def equation(x, *all_fields):
        u, v = (all_fields[number] for number in fields)
        a, b = (_at(factor, x) for factor in factors)
        leaving = a * normal_derivative(x, u) - b * normal_derivative(x, v)
        return u - v - _at(jump, x), leaving - _at(flux, x)

    return Condition(equation, where, weight, geometry=geometry)


def data(points, values, *, field=0, quantity=None, weight=1.0):
    """The field has values `(num_points,)` at points `(num_points, dimensions)`.

    Args:
        points: Points of the measurements.
        values: Measured values; of a complex field, complex numbers.
        field: Number of the field.
        quantity: What was measured instead of a field, a function `(x, *fields)`:
            `lambda x, u: u.x`.
        weight: As in `Condition`.

    Raises:
        ValueError: If the numbers of points and values differ, or one of them is not finite.
    """
    points, values = np.asarray(points, float), np.asarray(values)
    if points.ndim != 2 or values.shape != points.shape[:1]:
        raise ValueError(
            "Data are points (num_points, dimensions) and a value for each (num_points,). "
            f"Received: shapes {points.shape} and {values.shape}"
        )
    bad = np.flatnonzero(~np.isfinite(values) | ~np.isfinite(points).all(1))
    if len(bad):
        raise ValueError(
            f"Data must be finite. Received: {len(bad)} rows that are not, the first is {bad[0]}"
        )
    complex_valued = np.iscomplexobj(values)
    parts = [values.real, values.imag] if complex_valued else [values.astype(float)]

    def equation(x, *fields):
        found = fields[field] if quantity is None else quantity(x, *fields)
        real, *imag = (x.column(points.shape[1] + number) for number in range(len(parts)))
        return found - (real + 1j * imag[0] if imag else real)

    return Condition(equation, None, weight, np.column_stack([points, *parts]))


def normal_derivative(x, u):
    """The derivative of `u` along the outward normal."""
    return sum(n * u.derivative(name) for n, name in zip(x.normal, x.coordinates, strict=True))


def _at(value, x):
    return value(x) if callable(value) else value
