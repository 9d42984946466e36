"""The k-omega model for the turbulence scales, with an exchangeable stress closure."""

import dataclasses
from collections.abc import Callable

import numpy as np
from keras import ops

from keras_solvers.applications.turbulence_closure.rans.gradients import strain_and_rotation


@dataclasses.dataclass(frozen=True)
class KOmega:
    """Wilcox's equations for the turbulent kinetic energy `k` and the time scale `tau = 1 / omega`.

    `D k / D t = P - beta* k / tau + div((nu + sigma k tau) grad k)`,
    `D tau / D t = beta - alpha P tau / k + div((nu + sigma k tau) grad tau)
    - 2 (nu + sigma k tau) |grad tau|^2 / tau`

    with the production `P = -<u_i u_j> dU_i / dx_j`, the stresses `<u_i u_j> = 2 k (b + I / 3)` and
    the dissipation `epsilon = beta* k / tau`. The second equation is the `omega` equation in terms
    of its inverse, which is zero at a wall, where `omega` is infinite.

    The unknowns are `q = sqrt(k)` and `g = sqrt(tau)`. Near a wall `g = sqrt(beta / (6 nu)) d` and
    `q ~ d^1.6`, so no term is singular.

    Args:
        beta_star: Coefficient of the dissipation and of the linear closure.
        beta: Coefficient of the destruction of `omega`.
        alpha: Coefficient of its production. With the linear closure it determines von Karman's
            constant: `kappa^2 = sqrt(beta_star) (beta / beta_star - alpha) / sigma`, so 0.41.
        sigma: Coefficient of both turbulent diffusions.

    Reference: Wilcox, Reassessment of the scale-determining equation for advanced turbulence
    models, 1988, AIAA Journal 26, eqs. 5 to 8 (his gamma is alpha); the variable g: Kalitzin,
    Gould and Benton, Application of two-equation turbulence models in aircraft design, 1996.
    """

    beta_star: float = 0.09
    beta: float = 0.075
    alpha: float = 5.0 / 9.0
    sigma: float = 0.5

    def equations(
        self, q: np.ndarray, g: np.ndarray, rate: np.ndarray, viscosity: float
    ) -> tuple[np.ndarray, ...]:
        """Sources and fluxes of `k` and `tau`.

        Args:
            q: `(1 + dim, n)`, `sqrt(k)` and its gradient.
            g: `(1 + dim, n)`, `sqrt(tau)` and its gradient.
            rate: `(n,)`, `P / k`.
            viscosity: `nu`.

        Returns:
            Two arrays `(1 + dim, n)`: the source, and the negative flux along each axis.
        """
        k, tau = q[0] ** 2, g[0] ** 2
        diffusivity = viscosity + self.sigma * k * tau
        energy_source = k * rate - self.beta_star * (q[0] / g[0]) ** 2
        decay = 8.0 * diffusivity * np.sum(g[1:] ** 2, axis=0)
        time_source = self.beta - self.alpha * rate * tau - decay
        fluxes = [-2.0 * diffusivity * field[0] * field[1:] for field in (q, g)]
        return tuple(
            np.concatenate([source[None], flux])
            for source, flux in zip((energy_source, time_source), fluxes, strict=True)
        )

    def linear(self, x: dict):
        """The linear closure of the model, `b = -beta* S`, with the eddy viscosity `k tau`."""
        return -self.beta_star * x["tensors"][:, 0]

    def features(
        self,
        gradient: np.ndarray,
        q: np.ndarray,
        g: np.ndarray,
        distance: np.ndarray,
        viscosity: float,
    ) -> dict[str, np.ndarray]:
        """Local inputs of a closure.

        Args:
            gradient: `(n, 3, 3)`, `dU_i / dx_j`.
            q: `(n,)`, `sqrt(k)`.
            g: `(n,)`, `sqrt(tau)`.
            distance: `(n,)`, distance to the nearest wall.
            viscosity: `nu`.

        Returns:
            `{"tensors": (n, 2, 3, 3), "scalars": (n, 2)}`. The tensors are strain and rotation rate
            times `k / epsilon`. The scalars are the wall-distance Reynolds number `sqrt(k) d / nu`
            and the turbulent length scale over the distance, `k^(3/2) / (epsilon d)`. The product
            of the scalars is the turbulent Reynolds number.
        """
        time_scale = g**2 / self.beta_star
        tensors = strain_and_rotation(gradient * time_scale[:, None, None])
        velocity = np.abs(q)  # the sign of q has no meaning and may change in a Newton step
        scalars = [velocity * distance / viscosity, velocity * time_scale / distance]
        return {"tensors": tensors, "scalars": np.stack(scalars, axis=1)}


def evaluate_closure(closure: Callable, x: dict[str, np.ndarray]) -> tuple[np.ndarray, float]:
    """Anisotropies `(n, 3, 3)` in float64, and the relative precision of their computation.

    Raises:
        ValueError: If the output has another shape, or is not of a floating-point type.
    """
    b, n = ops.convert_to_numpy(closure(x)), len(x["tensors"])
    if b.shape != (n, 3, 3) or not np.issubdtype(b.dtype, np.floating):
        raise ValueError(
            "A closure maps features of n points to real anisotropies (n, 3, 3). Use a closure of "
            "the tensors alone as `lambda x: closure(x['tensors'])`. "
            f"Evaluated at n={n} points. Received: shape {b.shape} of {b.dtype}"
        )
    return b.astype("float64"), np.finfo(b.dtype).eps
