"""What the worker does with a student's code: each function ends in a sandbox."""

import ast
import builtins
import random
import sys
import traceback

import numpy as np

from keras_solvers.grading import sandbox, wire
from keras_solvers.grading.submission import UnreadableSubmissionError, task_cells


class Student:
    """The student's names, as attributes; a missing one says why it is missing."""

    def __init__(self, namespace, failures):
        self._namespace = namespace
        self._failures = failures

    def __getattr__(self, name):
        if name in self._namespace:
            return self._namespace[name]
        reason = "; ".join(self._failures) or "no task cell defines it"
        raise AttributeError(f"`{name}` does not exist: {reason}")


def read_submission(suffix, file):
    """The task cells of a file, read where a malicious one harms nobody."""

    def read():
        try:
            return wire.encode({"cells": task_cells(file.tobytes(), suffix)}, {})
        except UnreadableSubmissionError as error:
            return wire.encode({"failed": str(error)}, {})

    outcome = sandbox.run(read, seconds=10, memory=2 << 30)
    failed = {"failed": f"The file cannot be read: {outcome.ending}."}
    return outcome.message or wire.encode(failed, {})


def public_check(about, setup, memory):
    """Runs the cell of a public check after the tasks; its value is a `PublicCheck`."""

    def result():
        student = _student(about["cells"], setup)
        try:
            return wire.encode(vars(_last_value(about["public"], student._namespace)), {})
        except BaseException as error:
            return wire.encode({"failed": describe(error)}, {})

    outcome = sandbox.run(result, about["seconds"], memory)
    return outcome.message or wire.encode({"failed": outcome.ending}, {})


def _last_value(code, namespace):
    """Runs a cell and returns the value of its last line, as a notebook would show it."""
    body = ast.parse(code).body
    exec(compile(ast.Module(body[:-1], []), "<check>", "exec"), namespace)
    return eval(compile(ast.Expression(body[-1].value), "<check>", "eval"), namespace)


def attempt(about, inputs, setup, probes, memory):
    """The answer to one check: what the probe returned, or why it did not."""
    name, seconds = about["check"], about["seconds"]
    outcome = _probe(getattr(probes, name), about["cells"], inputs, setup, seconds, memory)
    alone = [c for c in about["cells"] if c[0] == "given" or c[1] == about["task"]]
    if outcome.message is None and alone != about["cells"]:
        # Perhaps another task brought the process down: it shall not cost this one its points.
        outcome = _probe(getattr(probes, name), alone, inputs, setup, seconds, memory)
    inspect = getattr(probes, f"inspect_{name}", None)
    if outcome.message is not None and inspect is not None:
        outcome = _inspect(inspect, outcome.message, inputs, seconds, memory)
    if outcome.message is None:
        return wire.encode({"failed": outcome.ending}, {})
    return outcome.message


def _probe(probe, cells, inputs, setup, seconds, memory):
    def answer():
        return _answer(probe, _student(cells, setup), inputs)

    return sandbox.run(answer, seconds, memory)


def _inspect(inspect, message, inputs, seconds, memory):
    """Looks at an answer, such as a saved model, in a sandbox without the student's code."""
    try:
        about, answer = wire.decode(message)
    except wire.MalformedMessageError as error:
        return sandbox.Outcome(None, str(error))
    if "failed" in about:
        return sandbox.Outcome(message)
    # Arrays from a message are read-only, and these may be changed.
    answer = {key: value.copy() for key, value in answer.items()}
    return sandbox.run(lambda: _answer(inspect, answer, inputs), seconds, memory)


def _answer(probe, subject, inputs):
    inputs = {key: value.copy() if value.ndim else value.item() for key, value in inputs.items()}
    try:
        return wire.encode({}, probe(subject, **inputs))
    except BaseException as error:
        return wire.encode({"failed": describe(error)}, {})


def _student(cells, setup):
    """Runs the cells of the lab, with the student's tasks among them, in the lab's order."""
    _put_library_away()
    random.seed(0)  # code that forgets its seed gets the same grade again
    np.random.seed(0)  # noqa: NPY002
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(0)
    namespace, failures = dict(setup), []
    for kind, name, code in cells:
        try:
            exec(compile(code, f"task {name}" if kind == "task" else kind, "exec"), namespace)
        except BaseException as error:
            failures.append(f"task {name} raised {describe(error)}" if name else describe(error))
    return Student(namespace, failures)


def _put_library_away():
    """The tasks are to be written, not imported."""
    for name in [n for n in sys.modules if n.split(".")[0] == "keras_solvers"]:
        del sys.modules[name]
    sys.modules["keras_solvers"] = None


def describe(error):
    """An exception in one line, with the last line of the student's code that it passed."""
    kind = "".join(c for c in type.__getattribute__(type(error), "__name__") if c.isprintable())
    try:
        text = builtins.str(error)
        text = text.splitlines()[0][:300] if text else ""
    except BaseException:
        text = "(its message cannot be shown)"
    if isinstance(error, SystemExit):
        return "the code called `sys.exit`, which ends a program, not a task"
    lines = [
        f"{frame.name}, line {frame.lineno} of {frame.filename}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-50)
        if frame.filename.startswith("task ")
    ]
    where = f" (in {lines[-1]})" if lines else ""
    return f"{kind[:60]}: {text}{where}"
