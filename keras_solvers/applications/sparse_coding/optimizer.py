"""Optimizers with their schedules."""

import keras


def adam_for_sparse_activity(learning_rate: float, num_steps: int) -> keras.optimizers.Adam:
    """Adam with a short memory of squares, a warm-up and a cosine decay.

    Atoms are active in few signals, so with the usual `beta_2=0.999` the first signal that uses
    one again is divided by a far too small average, and the loss leaps.

    Args:
        learning_rate: Peak, reached after a twentieth of the steps; they start at a tenth of it.
        num_steps: Steps in all; the last one has a hundredth of the peak.
    """
    warmup_steps = num_steps // 20
    schedule = keras.optimizers.schedules.CosineDecay(
        0.1 * learning_rate,
        num_steps - warmup_steps,
        alpha=0.01,
        warmup_target=learning_rate,
        warmup_steps=warmup_steps,
    )
    return keras.optimizers.Adam(schedule, beta_2=0.9)
