"""Tables of results."""

from rich.markup import escape
from rich.table import Table


def sparse_coding_tables(metrics):
    """Two tables: the quotable comparison, and all measurements at the large batch."""
    quotable = Table(
        "batch",
        "gap reached",
        "LISTA",
        "best classic solver there",
        "speed-up",
        "repaid after",
        title="Speed-up at equal accuracy (below 1 the classic solver wins)",
    )
    for row in metrics["comparisons"]:
        solves = row["break_even_solves"]
        seconds, ratio = row["classic_seconds"], row["speedup_at_equal_accuracy"]
        quotable.add_row(
            f"{row['batch_size']:,}",
            f"{row['gap']:.2e}",
            f"{1e3 * row['neural_seconds']:.3g} ms",
            "none measured" if ratio is None else f"{row['best_classic']}, {1e3 * seconds:.3g} ms",
            "no limit seen" if ratio is None else f"[bold]{ratio:.2f}[/]",
            "never" if solves is None else f"{solves:,.0f} patches",
        )
    batch = max(m["batch_size"] for m in metrics["measurements"])
    measured = Table(
        "solver", "setting", "time [ms]", "gap", "code error", title=f"Batch {batch:,}"
    )
    for m in metrics["measurements"]:
        if m["batch_size"] == batch:
            (code_error,) = m["others"].values()
            measured.add_row(
                m["name"],
                m["setting"],
                f"{1e3 * m['seconds']:.1f}",
                f"{m['error']:.2e}",
                f"{code_error:.2e}",
            )
    return measured, quotable


def pressure_tables(metrics):
    """Two tables: the quotable comparison, and all measurements at the large batch."""
    quotable = Table(
        "batch",
        "residual reached",
        "learned multigrid",
        "best classic solver there",
        "speed-up",
        "over IC(0)-PCG",
        title="Speed-up at equal relative residual (below 1 the classic solver wins)",
    )
    for row in metrics["comparisons"]:
        seconds = row["best_seconds"]
        quotable.add_row(
            f"{row['batch_size']}",
            f"{row['residual']:.2e}",
            f"{1e3 * row['neural_seconds']:.3g} ms",
            "none measured"
            if seconds is None
            else f"{row['best_classic']}, {1e3 * seconds:.3g} ms",
            *(
                "no limit seen" if row[f"{key}_speedup"] is None else f"{row[f'{key}_speedup']:.2f}"
                for key in ("best", "cholesky")
            ),
        )
    batch = max(m["batch_size"] for m in metrics["measurements"])
    measured = Table("solver", "setting", "time [ms]", "residual", title=f"Batch {batch}")
    for m in metrics["measurements"]:
        if m["batch_size"] == batch:
            time, error = f"{1e3 * m['seconds']:.1f}", f"{m['error']:.2e}"
            measured.add_row(m["name"], m["setting"], time, error)
    return measured, quotable


def plume_table(metrics):
    """Times and measures of each simulation, one a column."""
    runs = metrics["simulations"]
    title = f"Plume, {metrics['num_steps']} steps, tolerance {metrics['tolerance']:g}"
    table = Table("", *(run["solver"] for run in runs), title=title)
    for name, key in (("pressure", "pressure_seconds"), ("step", "step_seconds")):
        table.add_row(f"{name}, median [ms]", *(f"{1e3 * run[key]:.2f}" for run in runs))
    for name in runs[0]["measures"]:
        for when in ("mean", "end"):
            values = (run["measures"][name][when] for run in runs)
            table.add_row(f"{name}, {when}", *(f"{value:.4g}" for value in values))
    return table


def digits_table(metrics):
    table = Table("figure", "value", title=f"{metrics['model']} on {metrics['data']}")
    for name, value in metrics.items():
        if name.startswith("test_") or name in ("code_size", "parameters", "training_seconds"):
            table.add_row(
                name.replace("_", " "), f"{value:.4g}" if value < 1000 else f"{value:,.0f}"
            )
    return table


def labs_table(labs):
    table = Table("lab", "title", "minutes", "points", "prerequisites", title="labs")
    for lab in labs:
        about = lab.about
        before = ", ".join(about["prerequisites"]) or "none"
        table.add_row(lab.name, about["title"], f"{about['minutes']}", f"{lab.points:g}", before)
    return table


def grades_table(results, lab):
    """Points of each submission; of one alone, each check."""
    if len(results) == 1:
        ((name, result),) = results.items()
        table = Table("check", "points", "", title=f"{name}: {result['score']:g} of {lab.points:g}")
        for test in result["tests"]:
            points = f"{test['score']:g} / {test['max_score']:g}"
            table.add_row(escape(test["name"]), points, escape(test["output"]))
        table.caption = escape(result["output"])
        return table
    table = Table("submission", "points", "notes", title=f"lab {lab.number}, {lab.points:g} points")
    for name, result in sorted(results.items()):
        notes = "" if result["output"] == "Graded." else result["output"]
        table.add_row(escape(name), f"{result['score']:g}", escape(notes))
    return table


def pinn_table(metrics):
    """The network beside the classic solver: error and processor time."""
    classic = metrics["classic"]
    table = Table("solver", "relative error", "CPU-seconds", title=f"run pinn: {metrics['case']}")
    table.add_row(
        f"network, {metrics['steps']} steps of {metrics['method']}",
        f"{metrics['relative_error']:.2e}",
        f"{metrics['training_cpu_seconds']:.1f}",
    )
    table.add_row(
        classic["name"], f"{classic['relative_error']:.2e}", f"{classic['cpu_seconds']:.3g}"
    )
    table.caption = f"Training ended: {metrics['stop_reason']}."
    return table


def closure_table(metrics):
    """Closures of the Reynolds stresses on the flow that was left out, the best first."""
    table = Table("closure", "root mean square", title=f"run closure: {metrics['leave_out']}")
    for name, error in sorted(metrics["root_mean_square"].items(), key=lambda row: row[1]):
        table.add_row(name, f"{error:.4f}")
    table.caption = (
        f"{metrics['num_points']:,} points; realizable before it is enforced: "
        f"{100 * metrics['realizable_before']:.1f} %."
    )
    return table
