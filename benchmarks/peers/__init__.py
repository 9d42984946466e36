"""Other libraries, each in its own environment, on the same problem, points and time."""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
# One thread each, so that CPU-seconds are comparable and no library wins by its thread pool.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
    "1",
)


def call(peer, requirements, settings, **job):
    """Runs `benchmarks/peers/PEER.py` in an environment of its own.

    Args:
        peer: Name of the script, and of the environment under `runs/peers`.
        requirements: What is installed there; `None`: the present environment.
        settings: Environment variables.
        job: Arrays that the script reads.

    Returns:
        `{name: array}`, what the script writes.
    """
    python = sys.executable if requirements is None else _environment(peer, requirements)
    with tempfile.TemporaryDirectory() as folder:
        job_file, answer = Path(folder, "job.npz"), Path(folder, "answer.npz")
        np.savez(job_file, **job)
        script = Path(__file__).with_name(f"{peer}.py")
        done = subprocess.run(
            [python, "-P", script, job_file, answer],
            env={**os.environ, **ONE_THREAD, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{script.name} failed:\n{done.stderr[-2000:]}")
        with np.load(answer) as file:
            return dict(file)


def _environment(peer, requirements):
    folder = ROOT / "runs" / "peers" / peer
    mark = folder / "installed"
    if not mark.is_file() or mark.read_text().split() != list(requirements):
        venv.create(folder, with_pip=True, clear=True)
        install = [folder / "bin" / "pip", "install", "--quiet", *requirements]
        subprocess.run(install, check=True, capture_output=True)
        mark.write_text("\n".join(requirements))
    return folder / "bin" / "python"
