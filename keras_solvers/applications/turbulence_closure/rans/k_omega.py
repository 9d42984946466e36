"""Two equations for the scales of turbulence, around any closure of its stresses."""

import dataclasses

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation


@dataclasses.dataclass(frozen=True)
class KOmega:
    """Wilcox's equations of the turbulent energy `k` and of its time scale `tau = 1 / omega`.

    `D k / D t = P - beta* k / tau + div((nu + sigma k tau) grad k)`,
    `D tau / D t = beta - alpha P tau / k + div((nu + sigma k tau) grad tau)
    - 2 (nu + sigma k tau) |grad tau|^2 / tau`

    with the production `P = -<u_i u_j> dU_i / dx_j`, the stresses `<u_i u_j> = 2 k (b + I / 3)` and
    the dissipation `epsilon = beta* k / tau`. The second is the equation of `omega` for its
    inverse, which is zero at a wall, where `omega` is infinite.

    The fields are `q = sqrt(k)` and `g = sqrt(tau)`: next to a wall `g = sqrt(beta / (6 nu)) d` and
    `q ~ d^1.6`, and with them no term is singular there.

    Args:
        beta_star: Of the dissipation, and the coefficient of the linear closure.
        beta: Of the destruction of `omega`.
        alpha: Of its production. With the linear closure von Karman's constant follows:
            `kappa^2 = sqrt(beta_star) (beta / beta_star - alpha) / sigma`, so 0.41.
        sigma: Of both diffusions.

    Reference: Wilcox, Reassessment of the scale-determining equation for advanced turbulence
    models, 1988, AIAA Journal 26, eqs. 5 to 8 (his gamma is alpha); the variable g: Kalitzin,
    Gould and Benton, Application of two-equation turbulence models in aircraft design, 1996.
    """

    beta_star: float = 0.09
    beta: float = 0.075
    alpha: float = 5.0 / 9.0
    sigma: float = 0.5

    def equations(self, q, g, rate, viscosity):
        """Sources and fluxes of `k` and `tau`.

        Args:
            q: `(1 + dim, n)`, `sqrt(k)` and its gradient.
            g: `(1 + dim, n)`, `sqrt(tau)` and its gradient.
            rate: `(n,)`, `P / k`.
            viscosity: `nu`.

        Returns:
            Two arrays `(1 + dim, n)`: the source, and minus the flux along each axis.
        """
        k, tau = q[0] ** 2, g[0] ** 2
        diffusivity = viscosity + self.sigma * k * tau
        energy = k * rate - self.beta_star * (q[0] / g[0]) ** 2
        decay = 8.0 * diffusivity * np.sum(g[1:] ** 2, axis=0)
        time = self.beta - self.alpha * rate * tau - decay
        fluxes = [-2.0 * diffusivity * field[0] * field[1:] for field in (q, g)]
        return tuple(
            np.concatenate([source[None], flux])
            for source, flux in zip((energy, time), fluxes, strict=True)
        )

    def linear(self, x):
        """The closure that belongs to the model: `b = -beta* S`, a viscosity of `k tau`."""
        return -self.beta_star * x["tensors"][:, 0]

    def features(self, gradient, q, g, distance, viscosity):
        """What a closure is asked with: all of it is local; tensors turn with the axes.

        Args:
            gradient: `(n, 3, 3)`, `dU_i / dx_j`.
            q: `(n,)`, `sqrt(k)`.
            g: `(n,)`, `sqrt(tau)`.
            distance: `(n,)` to the next wall.
            viscosity: `nu`.

        Returns:
            `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`: strain and rotation rate times
            `k / epsilon`; the Reynolds number of the distance, `sqrt(k) d / nu`, and the length of
            turbulence over the distance, `k^(3/2) / (epsilon d)`. Their product is the Reynolds
            number of turbulence.
        """
        time = g**2 / self.beta_star
        tensors = strain_and_rotation(gradient * time[:, None, None])
        energy = np.abs(q)  # its sign has no meaning, and may turn within a step of Newton
        scalars = np.stack([energy * distance / viscosity, energy * time / distance], axis=1)
        return {"tensors": tensors, "scalars": scalars}


def anisotropy(closure, x):
    """`(n, 3, 3)`, float64, and the relative precision to which the closure computed it.

    Raises:
        ValueError: If the answer has another shape, or is not of floating-point numbers.
    """
    b, n = ops.convert_to_numpy(closure(x)), len(x["tensors"])
    if b.shape != (n, 3, 3) or not np.issubdtype(b.dtype, np.floating):
        raise ValueError(
            "A closure answers features of n points with real anisotropies (n, 3, 3). A formula of "
            "the tensors alone is used as `lambda x: formula(x['tensors'])`. "
            f"Asked at n={n} points. Received: shape {b.shape} of {b.dtype}"
        )
    return b.astype("float64"), np.finfo(b.dtype).eps
