"""Equations of fluids."""


def navier_stokes(viscosity):
    """The steady, incompressible Navier-Stokes equations in the plane.

    `u . grad u + grad p = nu div grad u` and `div u = 0`; pressure over density.

    Args:
        viscosity: `nu`, kinematic; with unit speed and length one over the Reynolds number.
    """

    def residual(x, u, v, p):
        along = u * u.x + v * u.y + p.x - viscosity * u.laplacian("xy")
        across = u * v.x + v * v.y + p.y - viscosity * v.laplacian("xy")
        return along, across, u.x + v.y

    return residual


def unsteady_navier_stokes(viscosity):
    """The same with the acceleration `u_t`."""
    steady = navier_stokes(viscosity)

    def residual(x, u, v, p):
        along, across, divergence = steady(x, u, v, p)
        return u.t + along, v.t + across, divergence

    return residual


def of_stream_function(x, psi, p):
    """An ansatz without divergence: `u = psi_y`, `v = -psi_x`, and the pressure.

    With it the third residual of `navier_stokes` is zero.
    """
    return psi.y, -psi.x, p


def euler(heat_capacity_ratio=1.4):
    """The Euler equations of a gas in one dimension, in conservative form.

    `q_t + F(q)_x = 0` with `q = (rho, rho u, E)`, `F = (rho u, rho u^2 + p, (E + p) u)` and
    `E = p / (gamma - 1) + rho u^2 / 2`, for the fields `rho`, `u` and `p`.

    Reference: Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, 2009, section 3.1.
    """

    def residual(x, rho, u, p):
        energy = p / (heat_capacity_ratio - 1.0) + 0.5 * rho * u**2
        momentum = rho * u
        return (
            rho.t + momentum.x,
            momentum.t + (momentum * u + p).x,
            energy.t + ((energy + p) * u).x,
        )

    return residual
