"""Tables of a run of the pressure projection."""

from keras_solvers.applications.application import Table


def tables(metrics):
    """All measurements at the large batch, then the quotable comparison."""
    batch = max(m["batch_size"] for m in metrics["measurements"])
    measured = [
        (m["name"], m["setting"], f"{1e3 * m['seconds']:.1f}", f"{m['error']:.2e}")
        for m in metrics["measurements"]
        if m["batch_size"] == batch
    ]
    return (
        Table(f"Batch {batch}", ("solver", "setting", "time [ms]", "relative residual"), measured),
        Table(
            "Speed-up at equal relative residual (below 1 the classic solver wins)",
            (
                "batch",
                "residual reached",
                "learned multigrid",
                "best classic there",
                "speed-up",
                "over IC(0)-PCG",
            ),
            list(map(_quotable, metrics["comparisons"])),
        ),
    )


def _quotable(row):
    seconds = row["best_seconds"]
    best = "none measured" if seconds is None else f"{row['best_classic']}, {1e3 * seconds:.3g} ms"
    speedups = (row[f"{key}_speedup"] for key in ("best", "cholesky"))
    return (
        f"{row['batch_size']}",
        f"{row['residual']:.2e}",
        f"{1e3 * row['neural_seconds']:.3g} ms",
        best,
        *("no limit seen" if ratio is None else f"{ratio:.2f}" for ratio in speedups),
    )
