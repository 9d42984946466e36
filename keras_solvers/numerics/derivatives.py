"""Derivatives of functions of points, the same on all backends; only this file knows which it is.

A *function of points* takes `(num_points, columns)` and returns one number for each point,
`(num_points,)`, each of its own point alone.
"""

import keras

_BACKEND = keras.backend.backend()
if _BACKEND == "tensorflow":
    import tensorflow as tf
elif _BACKEND == "jax":
    import jax


def directional_derivative(function, direction):
    """`d/ds function(x + s direction)` at `s = 0`, again a function of points.

    Forward mode, so that a derivative of any order costs a few evaluations and no memory.

    Args:
        function: A function of points.
        direction: A number for each column.
    """
    return _of_backend(_directional_tensorflow, _directional_jax)(function, direction)


def _directional_tensorflow(function, direction):
    # Reverse mode twice: what the first pass does is linear in `seed`, and the second pass
    # transposes it. XLA removes the rest. TensorFlow's own forward mode costs the same, takes
    # four times as long to compile, and is differentiated wrongly within `vectorized_map`.
    def derivative(x):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = function(x)
            seed = tf.ones_like(y)
            outer.watch(seed)
            slope = inner.gradient(y, x, seed, unconnected_gradients="zero")
            along = tf.linalg.matvec(slope, tf.constant(direction, x.dtype))
        return outer.gradient(along, seed, unconnected_gradients="zero")

    return derivative


def _directional_jax(function, direction):
    def derivative(x):
        along = jax.numpy.broadcast_to(jax.numpy.asarray(direction, x.dtype), x.shape)
        return jax.jvp(function, (x,), (along,))[1]

    return derivative


def linearized(function, variables):
    """Compiles `function` together with its derivatives in the weights.

    Args:
        function: From points `(num_points, columns)` to `(num_points, equations)`.
        variables: Keras variables that it depends on.

    Returns:
        Callable from points to values `(num_points, equations)` and the Jacobian
        `(num_points, equations, num_weights)`.
    """
    return _of_backend(_linearized_tensorflow, _linearized_jax)(function, variables)


def _linearized_tensorflow(function, variables):
    weights = [v.value for v in variables]

    def at_point(x):
        with tf.GradientTape(persistent=True) as tape:
            values = function(x[None])[0]
            equations = tf.unstack(values)
        rows = [
            [tf.reshape(g, [-1]) for g in tape.gradient(e, weights, unconnected_gradients="zero")]
            for e in equations
        ]
        return values, tf.stack([tf.concat(row, 0) for row in rows])

    return tf.function(lambda x: tf.vectorized_map(at_point, x), autograph=False, jit_compile=True)


def _linearized_jax(function, variables):
    def at_point(weights, x):
        with keras.StatelessScope(list(zip(variables, weights, strict=True))):
            return function(x[None])[0]

    def both(weights, x):
        rows = jax.vmap(jax.jacrev(at_point), (None, 0))(weights, x)
        flat = [r.reshape(*r.shape[:2], -1) for r in rows]
        values = jax.vmap(at_point, (None, 0))(weights, x)
        return values, jax.numpy.concatenate(flat, axis=-1)

    jitted = jax.jit(both)
    return lambda x: jitted([v.value for v in variables], x)


def squared_jacobian_product(function, variables):
    """Compiles the product `J^T J v` with the derivatives `J` of a function in the weights.

    Args:
        function: From points `(num_points, columns)` to any array.
        variables: Keras variables that it depends on.

    Returns:
        Callable from points and `v`, a list of arrays, one for each variable, to such a list.
    """
    return _of_backend(_product_tensorflow, _product_jax)(function, variables)


def _product_tensorflow(function, variables):
    weights = [v.value for v in variables]

    def product(x, vector):
        with tf.GradientTape() as outer:
            with tf.GradientTape(persistent=True) as inner:
                values = function(x)
            seed = tf.ones_like(values)
            outer.watch(seed)
            slopes = inner.gradient(values, weights, seed, unconnected_gradients="zero")
        # `slopes` are linear in `seed`: their derivative along `vector` is `J v`.
        along = outer.gradient(slopes, seed, vector)
        return inner.gradient(values, weights, along, unconnected_gradients="zero")

    return tf.function(product, autograph=False, jit_compile=True)


def _product_jax(function, variables):
    def product(weights, x, vector):
        def stateless(weights):
            with keras.StatelessScope(list(zip(variables, weights, strict=True))):
                return function(x)

        along = jax.jvp(stateless, (weights,), (vector,))[1]
        return jax.vjp(stateless, weights)[1](along)[0]

    jitted = jax.jit(product)
    return lambda x, vector: jitted([v.value for v in variables], x, vector)


def evaluated(function, variables):
    """Compiles `function`, from points to any arrays, at the present values of `variables`."""
    return _of_backend(_evaluated_tensorflow, _evaluated_jax)(function, variables)


def _evaluated_tensorflow(function, variables):
    return tf.function(function, autograph=False, jit_compile=True)


def _evaluated_jax(function, variables):
    def stateless(weights, x):
        with keras.StatelessScope(list(zip(variables, weights, strict=True))):
            return function(x)

    jitted = jax.jit(stateless)
    return lambda x: jitted([v.value for v in variables], x)


def value_and_gradient(function, variables):
    """Compiles `function`, from arrays to a number, together with its gradient.

    Args:
        function: From any arrays to a number.
        variables: Keras variables that it depends on.

    Returns:
        Callable from the arrays to the number and a list of arrays, one for each variable.
    """
    return _of_backend(_gradient_tensorflow, _gradient_jax)(function, variables)


def _gradient_tensorflow(function, variables):
    weights = [v.value for v in variables]

    def both(x):
        with tf.GradientTape() as tape:
            value = function(x)
        return value, tape.gradient(value, weights, unconnected_gradients="zero")

    return tf.function(both, autograph=False, jit_compile=True)


def _gradient_jax(function, variables):
    def stateless(weights, x):
        with keras.StatelessScope(list(zip(variables, weights, strict=True))):
            return function(x)

    jitted = jax.jit(jax.value_and_grad(stateless))
    return lambda x: jitted([v.value for v in variables], x)


def optimizer_step(function, variables, optimizer):
    """Compiles a step of an optimizer of Keras down the gradient of `function`.

    Args:
        function: From any arrays to a number.
        variables: Keras variables that it depends on, and that the step changes.
        optimizer: Optimizer of Keras.

    Returns:
        Callable from the arrays to the number before the step.
    """
    if not optimizer.built:
        optimizer.build(variables)
    return _of_backend(_step_tensorflow, _step_jax)(function, variables, optimizer)


def _step_tensorflow(function, variables, optimizer):
    weights = [v.value for v in variables]

    def step(x):
        with tf.GradientTape() as tape:
            value = function(x)
            scaled = optimizer.scale_loss(value)
        optimizer.apply(tape.gradient(scaled, weights, unconnected_gradients="zero"), variables)
        return value

    return tf.function(step, autograph=False, jit_compile=True)


def _step_jax(function, variables, optimizer):
    def step(weights, state, x):
        def scaled(weights):
            pairs = zip([*variables, *optimizer.variables], [*weights, *state], strict=True)
            with keras.StatelessScope(list(pairs)):
                value = function(x)
                return optimizer.scale_loss(value), value

        gradient, value = jax.grad(scaled, has_aux=True)(weights)
        return value, optimizer.stateless_apply(state, gradient, weights)

    jitted = jax.jit(step)

    def compiled(x):
        kept = [variables, optimizer.variables]
        value, changed = jitted(*([v.value for v in part] for part in kept), x)
        for part, values in zip(kept, changed, strict=True):
            for variable, new in zip(part, values, strict=True):
                variable.assign(new)
        return value

    return compiled


def supports_float64():
    """Whether Keras computes in float64: on JAX its operations round to float32 on the way."""
    return _BACKEND == "tensorflow"


def _of_backend(tensorflow, jax):
    implementations = {"tensorflow": tensorflow, "jax": jax}
    if _BACKEND not in implementations:
        raise NotImplementedError(
            "Derivatives need the TensorFlow or JAX backend of Keras. "
            f"Received: KERAS_BACKEND={_BACKEND}"
        )
    return implementations[_BACKEND]
