"""Tables of a run of the sparse coding of photographs."""

from keras_solvers.applications.application import Table


def tables(metrics):
    """All measurements at the large batch, then the quotable comparison."""
    return _measured(metrics["measurements"]), _quotable(metrics["comparisons"])


def _measured(measurements):
    batch = max(m["batch_size"] for m in measurements)
    rows = [
        (
            m["name"],
            m["setting"],
            f"{1e3 * m['seconds']:.1f}",
            f"{m['error']:.2e}",
            *(f"{value:.2e}" for value in m["extra_metrics"].values()),
        )
        for m in measurements
        if m["batch_size"] == batch
    ]
    return Table(f"Batch {batch:,}", ("solver", "setting", "time [ms]", "gap", "code error"), rows)


def _quotable(comparisons):
    rows = []
    for row in comparisons:
        solves, ratio = row["break_even_solves"], row["speedup_at_equal_accuracy"]
        rows.append(
            (
                f"{row['batch_size']:,}",
                f"{row['gap']:.2e}",
                f"{1e3 * row['neural_seconds']:.3g} ms",
                "none measured"
                if ratio is None
                else f"{row['best_classic']}, {1e3 * row['classic_seconds']:.3g} ms",
                "no limit seen" if ratio is None else f"{ratio:.2f}",
                "never" if solves is None else f"{solves:,.0f} patches",
            )
        )
    return Table(
        "Speed-up at equal accuracy (below 1 the classic solver wins)",
        ("batch", "gap reached", "LISTA", "best classic there", "speed-up", "repaid after"),
        rows,
    )
