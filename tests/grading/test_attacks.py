"""Nothing that a submission does earns a point that its honest part does not earn."""

import ctypes
import os
import socket
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from lab_samples import NORM, SCALE, submission

from keras_solvers.grading import sandbox, source
from keras_solvers.grading.attacks import AT_IMPORT
from keras_solvers.grading.judge import grade_file, grade_tasks
from keras_solvers.grading.worker_process import Worker

HONEST = 4.0  # points of `scale` alone

AT_IMPORT_SAYS = {  # words of the feedback
    "endless loop": "was stopped after",
    "ends the process": "ended the whole process",
    "sys.exit": "sys.exit",
    "segmentation fault": "SIGSEGV",
    "syntax error": "SyntaxError",
    "imports the library": "keras_solvers",
}

IN_FUNCTION = {  # body of `norm`
    "endless loop": ("while True:\n    pass", "was stopped after"),
    "sleeps": ("import time\ntime.sleep(100)", "was stopped after"),
    "10 GB": ("return np.ones(1_250_000_000) * 2", "MemoryError"),
    "1 GB of output": (
        "for _ in range(1000):\n    print('x' * 1_000_000)\nreturn np.zeros(4)",
        "largest deviation",
    ),
    "fills the disk": (
        "for i in range(1000):\n    open(f'file{i}', 'wb').write(bytes(10_000_000))",
        "OSError",
    ),
    "returns 100 MB": ("return np.zeros(12_500_000)", "longer than 20 MB"),
    "not a number": ("return np.full(4, np.nan)", "not finite"),
    "wrong shape": ("return np.zeros((4, 1))", "shape"),
    "pickled object": ("return np.array([None, {}], dtype=object)", "no numbers"),
    "equals everything": (
        "class Same:\n    __eq__ = lambda *a: True\n    __le__ = __eq__\nreturn Same()",
        "no numbers",
    ),
    "strange message": (
        "class Odd(Exception):\n    def __str__(self):\n        raise KeyError\nraise Odd",
        "cannot be shown",
    ),
    "endless message": (
        "class Odd(Exception):\n    def __str__(self):\n        while True:\n            pass\n"
        "raise Odd",
        "was stopped after",
    ),
    "huge message": ("raise ValueError('x' * 10**8)", "ValueError"),
    "markup in the message": ("raise ValueError('[bold]<script>')", "ValueError"),
    "patched comparison": (
        "np.allclose = np.array_equal = np.isfinite = lambda *a, **k: True\n"
        "np.max = lambda *a, **k: 0.0\nreturn np.zeros(4)",
        "largest deviation",
    ),
    "patched time": (
        "import time\ntime.monotonic = time.time = lambda: 0.0\nwhile True:\n    pass",
        "was stopped after",
    ),
    "forged channel": (
        "import os, json, struct\n"
        "head = json.dumps({'about': {'score': 6, 'share': 1.0}, 'arrays': []}).encode()\n"
        "message = struct.pack('<I', len(head)) + head\n"
        "for fd in range(3, 256):\n"
        "    try:\n        os.write(fd, struct.pack('<Q', len(message)) + message)\n"
        "    except OSError:\n        pass\n"
        "os._exit(0)",
        "no `y` in the answer",
    ),
    "lies about its length": (
        "import os, struct\n"
        "for fd in range(3, 256):\n"
        "    try:\n        os.write(fd, struct.pack('<Q', 10**18))\n"
        "    except OSError:\n        pass\n"
        "os._exit(0)",
        "longer than 20 MB",
    ),
    "endless recursion": ("return norm(x)", "RecursionError"),
    "huge dtype": (
        "import os, json, struct\n"
        'head = b\'{"about": {}, "arrays": [["y", "f8,(", [4]]]}\'\n'
        "message = struct.pack('<I', len(head)) + head\n"
        "for fd in range(3, 256):\n"
        "    try:\n        os.write(fd, struct.pack('<Q', len(message)) + message)\n"
        "    except OSError:\n        pass\n"
        "os._exit(0)",
        "malformed",
    ),
    "no entries": ("return np.zeros(0)", "shape"),
    "a thousand threads": (
        "import threading, time\n"
        "for _ in range(1000):\n    threading.Thread(target=time.sleep, args=(60,)).start()",
        "RuntimeError",
    ),
}


def graded(tmp_path, text, lab, answers, worker, name="work.py"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return grade_file(path, lab, answers, worker)


def feedback(grade):
    lines = [f"{line.problem} {line.verdict.received}" for line in grade.lines]
    return " ".join([*lines, *grade.notes])


@pytest.mark.parametrize("name", AT_IMPORT)
def test_attack_at_import(name, tmp_path, small_lab, answers, worker):
    code = f"{AT_IMPORT[name]}\n\n\ndef norm(x):\n    return np.zeros(4)\n"
    grade = graded(tmp_path, submission(code), small_lab, answers, worker)
    assert grade.points == HONEST
    assert AT_IMPORT_SAYS.get(name, "") in feedback(grade)


@pytest.mark.parametrize("name", IN_FUNCTION)
def test_attack_in_function(name, tmp_path, small_lab, answers, worker):
    body, words = IN_FUNCTION[name]
    code = f"def norm(x):\n{textwrap.indent(body, '    ')}\n"
    grade = graded(tmp_path, submission(code), small_lab, answers, worker)
    assert grade.points == HONEST
    assert words in feedback(grade)


def test_earlier_task_cannot_take_a_later_one_down(tmp_path, small_lab, answers, worker):
    text = submission(NORM, scale="import os\nos._exit(0)")
    assert graded(tmp_path, text, small_lab, answers, worker).points == 6.0


@pytest.fixture
def spy(small_lab, worker):
    """Runs a function body as the student's `norm` and returns the numbers it found out."""

    def run(body):
        code = f"def norm(x):\n{textwrap.indent(body, '    ')}\n"
        cells = [("task", "norm", code)]
        arrays, problem = worker.attempt(small_lab.checks[1], cells, {"x": np.zeros((4, 3))})
        assert problem == ""
        return arrays["y"].tolist()

    return run


def test_files_of_the_instructor_cannot_be_read(spy, small_lab):
    secrets = [small_lab.folder / "expected.py", small_lab.folder / "lab.py", __file__]
    secrets += ["/etc/passwd", f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/mem"]
    body = f"""
found = []
for path in {[str(path) for path in secrets]!r}:
    try:
        found.append(len(open(path, "rb").read(10)))
    except OSError:
        found.append(0)
return found
"""
    assert spy(body) == [0] * len(secrets)


def test_no_answer_is_ever_sent_to_the_worker(small_lab, worker, answers, monkeypatch):
    sent = []
    exchange = Worker._exchange

    def recording(self, message, seconds):
        sent.append(message)
        return exchange(self, message, seconds)

    monkeypatch.setattr(Worker, "_exchange", recording)
    with Worker(small_lab) as fresh:
        lines = list(grade_tasks(small_lab.tasks, small_lab, answers, fresh))
    assert sum(line.points for line in lines) == 10.0
    text = b"".join(sent)
    assert b"def norm(student, x)" in text  # the probes are sent, so the search works
    assert b"linalg.norm(x, axis=-1)" not in text  # the answer of expected.py


def test_code_of_other_students_is_not_in_memory(spy, small_lab, answers, worker, tmp_path):
    marker = "SECRET" + "42" * 20
    graded(tmp_path, submission(f"def norm(x):\n    return {marker!r}"), small_lab, answers, worker)
    body = """
import ctypes
found = 0
for line in open("/proc/self/maps"):
    span, rights, *_, name = line.split(maxsplit=5)
    begin, end = (int(number, 16) for number in span.split("-"))
    if rights.startswith("rw") and end - begin < 1 << 28 and "vvar" not in name:
        pieces = ctypes.string_at(begin, end - begin).split(b"SECRET")
        found += sum(piece[:40] == b"42" * 20 for piece in pieces)  # itself nowhere in one piece
return [found]
"""
    assert spy(body) == [0]


def test_modes_of_files_cannot_be_changed(spy, small_lab):
    body = f"""
import os
changed = 0
for path in {[str(small_lab.folder / "expected.py"), sys.executable, os.__file__]!r}:
    try:
        os.chmod(path, 0o644)
        changed += 1
    except OSError:
        pass
return [changed]
"""
    assert spy(body) == [0]


def test_sockets_of_files_are_out_of_reach(spy, tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "bus"))
        os.chmod(tmp_path / "bus", 0o777)
        server.listen()
        body = f"""
import socket
try:
    socket.socket(socket.AF_UNIX).connect({str(tmp_path / "bus")!r})
    return [1]
except OSError:
    return [0]
"""
        assert spy(body) == [0]


def test_network_is_out_of_reach(spy):
    with socket.create_server(("127.0.0.1", 0)) as server:
        body = f"""
import socket
found = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try:
        channel = socket.socket(socket.AF_INET, kind)
        channel.settimeout(1.0)
        channel.connect(("127.0.0.1", {server.getsockname()[1]}))
        found.append(channel.send(b"secret") if kind == socket.SOCK_STREAM else 0)
    except OSError:
        found.append(0)
return found
"""
        assert spy(body) == [0, 0]


def test_other_processes_cannot_be_seen_or_signalled(spy):
    body = f"""
import os
try:
    os.kill({os.getpid()}, 0)
    return [1]
except OSError:
    return [0]
"""
    assert spy(body) == [0]


def test_nothing_is_left_of_a_check(spy):
    body = """
import os, subprocess, sys
for _ in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1234.5)"],
                     start_new_session=True)
return [os.getpid()]
"""
    spy(body)
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "1234.5" not in found.stdout


UNREADABLE = {
    "broken.ipynb": b'{"cells": [',
    "other.ipynb": b'{"a": 1}',
    "garbage.ipynb": bytes(range(256)) * 100,
    "garbage.py": bytes(range(256)) * 100,
    "deep.ipynb": b'{"cells": ' + b"[" * 100_000,
    "empty.ipynb": b"",
    "notes.txt": b"my solution",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_damaged_file(name, tmp_path, small_lab, answers, worker):
    grade = graded(tmp_path, UNREADABLE[name], small_lab, answers, worker, name)
    assert grade.points == 0.0
    assert grade.notes[0].startswith(("The file cannot be read", "A submission is"))


def test_bomb_in_the_header(tmp_path, small_lab, answers, worker):
    lines = ["# ---", "# jupyter:", "#   a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"#   a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    text = "\n".join([*lines, "# ---", submission(NORM)])
    graded(tmp_path, text, small_lab, answers, worker)  # whatever it earns: it ends


def test_notebook_of_200_megabytes(tmp_path, small_lab, answers, worker):
    path = tmp_path / "large.ipynb"
    with open(path, "wb") as file:
        file.truncate(200_000_000)
    grade = grade_file(path, small_lab, answers, worker)
    assert grade.points == 0.0
    assert "200 MB" in grade.notes[0]


def test_link_to_the_solution(tmp_path, small_lab, answers, worker):
    path = tmp_path / "work.py"
    path.symlink_to(small_lab.folder / "lab.py")
    grade = grade_file(path, small_lab, answers, worker)
    assert grade.points == 0.0
    assert "no regular file" in grade.notes[0]


def test_pipe_in_place_of_a_file(tmp_path, small_lab, answers, worker):
    path = tmp_path / "work.py"
    os.mkfifo(path)
    assert grade_file(path, small_lab, answers, worker).points == 0.0


def test_deleted_cell(tmp_path, small_lab, answers, worker):
    text = f'# %% tags=["task:scale"]\n{SCALE}'
    grade = graded(tmp_path, text, small_lab, answers, worker)
    assert grade.points == HONEST
    assert "no cell of `norm`" in feedback(grade)


def test_order_of_cells_does_not_matter(tmp_path, small_lab, answers, worker):
    text = f'# %% tags=["task:norm"]\n{NORM}\n# %% tags=["task:scale"]\n{SCALE}'
    assert graded(tmp_path, text, small_lab, answers, worker).points == 10.0


def test_last_version_that_was_worked_on_counts(tmp_path, small_lab, answers, worker):
    blank = source.with_hole(small_lab.tasks["norm"])
    text = submission(NORM) + f'\n# %% tags=["task:norm"]\n{blank}'
    grade = graded(tmp_path, text, small_lab, answers, worker)
    assert grade.points == 10.0
    assert "2 times" in grade.notes[0]


def test_files_beside_the_submission_are_nothing(tmp_path, small_lab, answers, worker, monkeypatch):
    for name in ("numpy.py", "conftest.py", "probes.py", "keras.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Worker(small_lab) as fresh:
        assert graded(tmp_path, submission(NORM), small_lab, answers, fresh).points == 10.0


def test_worker_is_replaced_when_it_dies(tmp_path, small_lab, answers):
    with Worker(small_lab) as fresh:
        fresh._process.kill()
        fresh._process.wait()  # so that the next request finds nobody to read it
        grade = graded(tmp_path, submission(NORM), small_lab, answers, fresh)
        assert "worker down" in feedback(grade)
        assert graded(tmp_path, submission(NORM), small_lab, answers, fresh).points == 10.0


@pytest.mark.skipif(os.getuid() != 0, reason="the other tests already run as a plain user")
def test_sandbox_of_a_plain_user(small_lab):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setgid(12345)
        os.setuid(12345)
        ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # dumpable, as a process of this user is
        outcome = sandbox.run(lambda: _look(small_lab.folder / "expected.py"), 10, 8 << 30)
        os.write(writing, outcome.message or outcome.ending.encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    assert os.read(reading, 100) == b"FileNotFoundError, process 1"


def _look(secret):
    try:
        secret.read_bytes()
    except OSError as error:
        return f"{type(error).__name__}, process {os.getpid()}".encode()
    return b"read"
