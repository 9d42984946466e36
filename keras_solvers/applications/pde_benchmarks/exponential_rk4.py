"""Periodic evolution equations by Fourier modes and an exponential integrator."""

import numpy as np


def exponential_rk4(linear, nonlinear, start, time_step, num_steps):
    """Integrates `v' = L v + N(v)` of Fourier coefficients, with `L` diagonal.

    The linear part is exact, so stiffness limits no step; the rest is of fourth order. The best
    method for smooth, periodic, stiff problems in one dimension (Kassam and Trefethen,
    Fourth-order time-stepping for stiff PDEs, 2005, eq. 2.5).

    Args:
        linear: `L`, an array like `start`.
        nonlinear: `N`, from coefficients to coefficients.
        start: Coefficients at the first time.
        time_step: Time step `h`.
        num_steps: Number of steps.

    Returns:
        Coefficients at all times, `(num_steps + 1, ...)`.
    """
    whole, half = np.exp(time_step * linear), np.exp(0.5 * time_step * linear)
    middle, first, both, last = _weights(time_step * linear)
    v, history = start, [start]
    for _ in range(num_steps):
        n0 = nonlinear(v)
        a = half * v + 0.5 * time_step * middle * n0
        na = nonlinear(a)
        b = half * v + 0.5 * time_step * middle * na
        nb = nonlinear(b)
        c = half * a + 0.5 * time_step * middle * (2.0 * nb - n0)
        v = whole * v + time_step * (first * n0 + both * (na + nb) + last * nonlinear(c))
        history.append(v)
    return np.stack(history)


def _weights(z):
    """Means over a circle around each `z`: the formulas cancel where it is small."""
    around = z[..., None] + np.exp(2j * np.pi * (np.arange(32) + 0.5) / 32)
    e = np.exp(around)
    formulas = (
        (np.exp(0.5 * around) - 1.0) / (0.5 * around),
        (-4.0 - around + e * (4.0 - 3.0 * around + around**2)) / around**3,
        2.0 * (2.0 + around + e * (around - 2.0)) / around**3,
        (-4.0 - 3.0 * around - around**2 + e * (4.0 - around)) / around**3,
    )
    means = [formula.mean(-1) for formula in formulas]
    return means if np.iscomplexobj(z) else [m.real for m in means]
