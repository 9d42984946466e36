"""The process in which a student's code is run.

The worker imports once, runs the set-up of the lab, and forks for every check: only the fork runs
the student's code, inside the sandbox. The worker knows the inputs of a check, never its answer.
Messages (see `wire`) come in on the standard input and leave on the standard output.
"""

import os
import select
import types

from keras_solvers.grading import sandbox, wire
from keras_solvers.grading.attempt import attempt, describe, public_check, read_submission
from keras_solvers.grading.confinement import die_with_parent

_REQUEST_LIMIT = 200_000_000


def main():
    requests, replies = os.dup(0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    lab, _ = wire.decode(_receive(requests))
    try:
        setup = _run_setup(lab["setup"])
        probes = _module("probes", lab["probes"])
        outcome = sandbox.run(lambda: b"ready", 30.0, lab["memory"])
        if outcome.message != b"ready":
            raise OSError(f"the sandbox does not work here ({outcome.ending})")
    except Exception as error:
        return _reply(replies, wire.encode({"failed": describe(error)}, {}))
    _reply(replies, wire.encode({"missing": sandbox.missing()}, {}))
    status = 0
    while status == 0:
        select.select([requests], [], [])
        # This process never reads a request: no code of a student is left in its memory, which
        # the next student's process inherits.
        if (pid := os.fork()) == 0:
            os._exit(_serve(requests, replies, setup, probes, lab["memory"]))
        status = os.waitpid(pid, 0)[1]


def _serve(requests, replies, setup, probes, memory):
    """Answers one request; returns 1 at the end of the stream."""
    die_with_parent()
    message = _receive(requests)
    if message is None:
        return 1
    about, inputs = wire.decode(message)
    if "suffix" in about:
        answer = read_submission(about["suffix"], inputs["file"])
    elif "public" in about:
        answer = public_check(about, setup, memory)
    else:
        answer = attempt(about, inputs, setup, probes, memory)
    _reply(replies, answer)
    return 0


def _receive(handle):
    def read(count):
        data = bytearray()
        while len(data) < count and (piece := os.read(handle, count - len(data))):
            data += piece
        return bytes(data)

    return wire.read_frame(read, _REQUEST_LIMIT)


def _reply(handle, message):
    data = memoryview(wire.frame(message))
    while data:
        data = data[os.write(handle, data) :]


def _run_setup(cells):
    namespace = {"__name__": "lab"}
    for code in cells:
        exec(compile(code, "<setup>", "exec"), namespace)
    return namespace


def _module(name, code):
    module = types.ModuleType(name)
    exec(compile(code, f"<{name}>", "exec"), module.__dict__)
    return module
