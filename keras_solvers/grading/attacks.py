"""Hostile code for the cell of a task. None of it earns a point, in any lab."""

AT_IMPORT = {
    "endless loop": """\
while True:
    pass
""",
    "fork bomb": """\
import os
while True:
    os.fork()
""",
    "ends the process": """\
import os
os._exit(0)
""",
    "sys.exit": """\
import sys
sys.exit(0)
""",
    "segmentation fault": """\
import ctypes
ctypes.string_at(0)
""",
    "kills its parents": """\
import os
os.kill(os.getppid(), 9)
os.kill(-1, 9)
os.kill(1, 9)
""",
    "closes all files": """\
import os
os.closerange(0, 256)
""",
    "syntax error": "def norm(x:",
    "imports the library": "from keras_solvers.classic import ISTA",
    "unplugs the probes": """\
import gc, types
for f in gc.get_objects():
    if isinstance(f, types.FunctionType) and f.__module__ == 'probes':
        f.__code__ = (lambda student, x: {'y': 0.0 * x}).__code__
""",
    "forged answer": """\
import json, os, struct
head = json.dumps({"about": {"score": 100, "share": 1.0}, "arrays": []}).encode()
message = struct.pack("<I", len(head)) + head
for fd in range(3, 256):
    try:
        os.write(fd, struct.pack("<Q", len(message)) + message)
    except OSError:
        pass
os._exit(0)
""",
    "fills the memory": """\
import numpy as np
rows = []
while True:
    rows.append(np.ones(10_000_000))
""",
}
