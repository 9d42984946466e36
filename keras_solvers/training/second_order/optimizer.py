"""What a second-order optimizer is."""

import abc

TOLERANCE_REACHED = "the loss is below the tolerance"
NO_DECREASE = "no step lowers the loss: it is at the limit of the precision"
NOT_FINITE = "the loss is not finite"


class SecondOrder(abc.ABC):
    """An optimizer of a `LeastSquares` problem that uses its curvature, known or estimated.

    `PINN.fit` calls `step`. Any other problem is solved by a loop::

        optimizer = LevenbergMarquardt(tolerance=1e-20)
        reason = None
        while reason is None:
            loss, reason = optimizer.step(system)

    Attributes:
        built: Whether `variables` exist; `build(trainable_variables)` makes them.
        variables: The state that is kept from step to step, Keras variables: saved by checkpoints.
    """

    built = True
    variables: tuple

    @abc.abstractmethod
    def step(self, system):
        """Changes the variables of a `LeastSquares` problem once.

        Returns:
            The loss after the step, and why no further step is possible, a sentence, or `None`.
        """
