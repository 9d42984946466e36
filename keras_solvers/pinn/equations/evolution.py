"""Equations of evolution in time, `t`."""

from keras_solvers.pinn.equations.elliptic import at


def _space(x):
    return x.coordinates.replace("t", "")


def heat(diffusivity, source=0.0):
    """The heat equation, `u_t = k div grad u + f`.

    Args:
        diffusivity: `k`.
        source: `f`, a number or a function of `x`.
    """
    return reaction_diffusion(diffusivity, lambda x, u: at(source, x))


def reaction_diffusion(diffusivity, reaction):
    """`u_t = k div grad u + R(x, u)`.

    Args:
        diffusivity: `k`.
        reaction: `R`, a function of `x` and `u`.
    """

    def residual(x, u):
        return u.t - diffusivity * u.laplacian(_space(x)) - reaction(x, u)

    return residual


def allen_cahn(diffusivity, reaction):
    """The Allen-Cahn equation, `u_t = k div grad u + r (u - u^3)`: phases -1 and 1."""
    return reaction_diffusion(diffusivity, lambda x, u: reaction * (u - u**3))


def wave(speed):
    """The wave equation, `u_tt = c^2 div grad u`."""
    return lambda x, u: u.tt - speed**2 * u.laplacian(_space(x))


def advection(*velocity):
    """Transport by a constant velocity, `u_t + a . grad u = 0`."""

    def residual(x, u):
        along = zip(velocity, _space(x), strict=True)
        return u.t + sum(a * u.derivative(c) for a, c in along)

    return residual


def burgers(viscosity):
    """Burgers' equation, `u_t + u u_x = nu u_xx`."""
    return lambda x, u: u.t + u * u.x - viscosity * u.xx


def korteweg_de_vries(nonlinearity=6.0, dispersion=1.0):
    """The Korteweg-de Vries equation of shallow water, `u_t + a u u_x + b u_xxx = 0`."""
    return lambda x, u: u.t + nonlinearity * u * u.x + dispersion * u.xxx


def kuramoto_sivashinsky():
    """The Kuramoto-Sivashinsky equation of flame fronts, `u_t + u u_x + u_xx + u_xxxx = 0`."""
    return lambda x, u: u.t + u * u.x + u.xx + u.xxxx


def schrodinger(potential=0.0):
    """The nonlinear Schroedinger equation, `i h_t + h_xx / 2 + |h|^2 h - V h = 0`, focusing.

    Of a complex field: `PDE(..., complex_valued=True)`.

    Args:
        potential: `V`, a number or a function of `x`.
    """

    def residual(x, h):
        return 1j * h.t + 0.5 * h.xx + (abs(h) ** 2 - at(potential, x)) * h

    return residual
