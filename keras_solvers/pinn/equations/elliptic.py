"""Equations of equilibrium, in any number of coordinates."""


def poisson(source):
    """Poisson's equation, `-div grad u = f`.

    Args:
        source: `f`, a number or a function of `x`.
    """
    return poisson_boltzmann(0.0, source)


def laplace():
    """Laplace's equation, `div grad u = 0`."""
    return poisson(0.0)


def helmholtz(wave_number, source=0.0):
    """Helmholtz's equation, `-div grad u - k^2 u = f`: standing waves of wavelength `2 pi / k`.

    Args:
        wave_number: `k`, a number or a function of `x`.
        source: `f`, a number or a function of `x`.
    """

    def residual(x, u):
        return -u.laplacian() - at(wave_number, x) ** 2 * u - at(source, x)

    return residual


def poisson_boltzmann(screening, source=0.0):
    """The linearised Poisson-Boltzmann equation, `-div grad u + k^2 u = f`.

    Args:
        screening: `k`, one over the Debye length.
        source: `f`, a number or a function of `x`.
    """

    def residual(x, u):
        return -u.laplacian() + screening**2 * u - at(source, x)

    return residual


def linear_elasticity(first_lame, shear_modulus, force=(0.0, 0.0)):
    """Navier's equation of small displacements `u, v` in plane strain.

    `(lambda + mu) grad(div u) + mu div(grad u) + f = 0`.

    Args:
        first_lame: `lambda`.
        shear_modulus: `mu`.
        force: `f`, force per volume: two numbers or functions of `x`.

    Reference: Landau and Lifshitz, Theory of Elasticity, section 7.
    """

    def residual(x, u, v):
        dilation = u.x + v.y
        return tuple(
            (first_lame + shear_modulus) * dilation.derivative(c)
            + shear_modulus * w.laplacian("xy")
            + at(f, x)
            for c, w, f in zip("xy", (u, v), force, strict=True)
        )

    return residual


def at(value, x):
    """A number, or a function of the coordinates `x` as a field."""
    return value(x) if callable(value) else value
