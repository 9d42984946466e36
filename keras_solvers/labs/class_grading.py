"""Grades a whole class: in parallel, with progress; an interrupted run goes on where it was."""

import hashlib
import os
import queue
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from keras_solvers.labs import report
from keras_solvers.labs.judge import expected_answers, grade_file
from keras_solvers.labs.submission import UnreadableSubmissionError, read_bytes
from keras_solvers.labs.worker_process import Worker

_PARTS = ("lab.py", "lab.toml", "probes.py", "expected.py")


def submissions_in(paths):
    """`({name: file}, [files left out])` of files and folders.

    In a folder every notebook counts, and every script that holds a task cell: a `conftest.py`
    is nobody's work.

    Raises:
        FileNotFoundError: If a path does not exist, or there is no submission at all.
    """
    found, left_out = {}, []
    for path in map(Path, paths):
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.suffix in (".py", ".ipynb")):
                inside = file.relative_to(path)
                if any(part.startswith(".") for part in inside.parts):
                    continue
                if file.suffix == ".py" and not _has_tasks(file):
                    left_out.append(file)
                else:
                    found["-".join(inside.with_suffix("").parts)] = file
        elif path.is_symlink() or path.exists():
            found[path.stem] = path
        else:
            raise FileNotFoundError(f"There is no file or folder {path}.")
    if not found:
        raise FileNotFoundError(f"There is no `.py` or `.ipynb` submission in {paths[0]}.")
    return found, left_out


def _has_tasks(file):
    try:
        return b"task:" in read_bytes(file)
    except UnreadableSubmissionError:
        return True  # the grade will say what is wrong with it


def grade_class(found, lab, folder, *, jobs, seed, progress):
    """Grades files, writes each grade as soon as it is there, and returns `{name: result}`.

    Args:
        found: `{name: file}`.
        lab: The lab.
        folder: Where results, feedback and the CSV go; grades there of the same file by the same
            lab are kept.
        jobs: Number of workers.
        seed: Seed of the inputs of the checks.
        progress: A `rich.progress.Progress`.
    """
    answers, version = expected_answers(lab), _version(lab)
    results, todo = {}, {}
    for name, file in found.items():
        about = {"lab": lab.name, "version": version, "seed": seed, "sha256": _checksum(file)}
        earlier = report.read_grade(folder, name)
        if earlier and earlier.get("extra_data") == about:
            results[name] = earlier
        else:
            todo[name] = (file, about)
    bar = progress.add_task(f"lab {lab.number}", total=len(found), completed=len(results))
    workers = queue.SimpleQueue()
    jobs = max(1, min(jobs, len(todo)))
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for future in [pool.submit(Worker, lab) for _ in range(jobs if todo else 0)]:
                workers.put(future.result())

            def grade(name):
                file, about = todo[name]
                worker = workers.get()
                try:
                    graded = grade_file(file, lab, answers, worker, seed)
                finally:
                    workers.put(worker)
                result = report.gradescope(graded, about)
                report.write_grade(folder, name, result, lab)
                return name, result

            for future in as_completed([pool.submit(grade, name) for name in todo]):
                name, result = future.result()
                results[name] = result
                progress.advance(bar)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            while not workers.empty():
                workers.get().close()
    report.write_csv(folder, results, lab)
    return results


def default_jobs():
    return os.cpu_count() or 1


def _version(lab):
    digest = hashlib.sha256()
    for part in _PARTS:
        digest.update((lab.folder / part).read_bytes())
    return digest.hexdigest()[:16]


def _checksum(file):
    try:
        return hashlib.sha256(read_bytes(file)).hexdigest()
    except UnreadableSubmissionError as error:
        return f"unreadable: {error}"
