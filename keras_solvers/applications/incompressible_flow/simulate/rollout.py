"""A simulation is the repetition of a step; a step is any callable from a state to the next."""

import dataclasses
from collections.abc import Callable

from keras_solvers.applications.incompressible_flow.simulate.domain import Domain
from keras_solvers.solver import compiled


@dataclasses.dataclass(frozen=True)
class Step:
    """A time step split into operators, each a callable from a state to a state, one by one.

    Args:
        domain: The `Domain`; its time step is added to the time of the state.
        operators: For example `(MacCormack(domain), Buoyancy(domain, 1.0), Projection(domain,
            solver))`. The last one should be a `Projection`, so that states have no divergence.
    """

    domain: Domain
    operators: tuple[Callable, ...]

    def __call__(self, state):
        for operator in self.operators:
            state = operator(state)
        return {**state, "time": state["time"] + self.domain.time_step}


def compiled_step(domain, operators, projection):
    """A step whose operators are compiled, and that ends with a projection by any solver.

    The solver of the projection is called by itself, between two compiled parts: it may work on
    NumPy arrays, like `IncompleteCholeskyCG`, and may be timed. One written in `keras.ops` is given
    compiled.

    Args:
        domain: The `Domain`.
        operators: What happens before the projection, callables from a state to a state.
        projection: A `Projection` or `Reflection`.
    """
    before = Step(domain, (*operators, projection.constrained))

    def to_solver(state):
        state = before(state)
        return state, projection.inputs(state)

    first = compiled(to_solver)
    last = compiled(lambda pair: projection.corrected(*pair))

    def step(state):
        state, x = first(state)
        return last((state, projection.solver(x)))

    return step


def rollout(step, state, num_steps):
    """Yields the states after 1, 2, ..., `num_steps` steps.

    Args:
        step: Any callable from a state to the next, such as one from `compiled_step`.
        state: The first state, which is not yielded.
        num_steps: Number of steps.
    """
    for _ in range(num_steps):
        state = step(state)
        yield state
