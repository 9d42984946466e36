"""Ordinary differential equations."""


def lorenz(sigma=10.0, rho=28.0, beta=8.0 / 3.0):
    """Lorenz's model of convection: `x' = s (y - x)`, `y' = x (r - z) - y`, `z' = x y - b z`.

    Coefficients may be left unknown, `PDE(..., coefficients={"sigma": 1.0})`.

    Reference: Lorenz, Deterministic nonperiodic flow, 1963, eq. 25-27.
    """
    known = {"sigma": sigma, "rho": rho, "beta": beta}

    def residual(coordinates, x, y, z, **unknown):
        c = {**known, **unknown}
        return (
            x.t - c["sigma"] * (y - x),
            y.t - x * (c["rho"] - z) + y,
            z.t - x * y + c["beta"] * z,
        )

    return residual


def robertson(slow=0.04, fast=3e7, middle=1e4):
    """Robertson's stiff reaction of three species, in time `t`.

    `a' = -k1 a + k3 b c`, `b' = k1 a - k3 b c - k2 b^2`, `c' = k2 b^2`.

    Reference: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.1.
    """

    def residual(x, a, b, c):
        produced = slow * a - middle * b * c
        return a.t + produced, b.t - produced + fast * b**2, c.t - fast * b**2

    return residual


def blasius():
    """Blasius's equation of the boundary layer on a plate, `f''' + f f'' / 2 = 0`, in `x`."""
    return lambda x, f: f.xxx + 0.5 * f * f.xx
