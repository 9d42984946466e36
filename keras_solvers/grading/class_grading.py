"""Grades a whole class: in parallel, with progress; an interrupted run goes on where it was."""

import contextlib
import hashlib
import os
import queue
import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from keras_solvers.grading import report
from keras_solvers.grading.judge import expected_answers, grade_file
from keras_solvers.grading.submission import UnreadableSubmissionError, read_bytes
from keras_solvers.grading.worker_process import Worker

_PARTS = ("lab.py", "lab.toml", "probes.py", "expected.py")


def submissions_in(paths):
    """`({name: file}, [files left out])` of files and folders.

    In a folder every notebook counts, and every script that holds a task cell: a `conftest.py`
    is nobody's work. Names are those of the files, made printable and distinct.

    Raises:
        FileNotFoundError: If a path does not exist, or there is no submission at all.
    """
    found, left_out = {}, []
    for path in map(Path, paths):
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inside = file.relative_to(path)
                if file.is_dir() or any(part.startswith(".") for part in inside.parts):
                    continue
                if file.suffix == ".ipynb" or (file.suffix == ".py" and _has_tasks(file)):
                    found[_name(inside, found)] = file
                else:
                    left_out.append(file)
        elif path.is_symlink() or path.exists():
            found[_name(Path(path.name), found)] = path
        else:
            raise FileNotFoundError(f"There is no file or folder {path}.")
    if not found:
        raise FileNotFoundError(f"There is no `.py` or `.ipynb` submission in {paths[0]}.")
    return found, left_out


def _name(inside, taken):
    """A name for results: short, of harmless characters, not in `taken`."""
    plain = "-".join(inside.with_suffix("").parts)
    name = re.sub(r"[^\w.=+@ -]", "_", plain, flags=re.ASCII)[:100]
    same = {other.lower() for other in taken}  # some file systems do not tell case apart
    if name != plain or name.lower() in same:
        digest = hashlib.sha256(os.fsencode(inside)).hexdigest()[:8]
        name = f"{name}-{digest}"
    while name.lower() in same:
        name += "+"
    return name


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
    with _workers(lab, min(jobs, len(todo)), progress) as workers:

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

        for name, result in _in_parallel(grade, todo, jobs):
            results[name] = result
            progress.advance(bar)
    report.write_csv(folder, results, lab)
    return results


def _in_parallel(function, items, jobs):
    """Yields the values of `function` in the order in which they come."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for future in as_completed([pool.submit(function, item) for item in items]):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _workers(lab, count, progress):
    """A queue of workers, which are started side by side and closed at the end."""
    workers = queue.SimpleQueue()
    try:
        lacks = set()
        for worker in _in_parallel(lambda _: Worker(lab), range(count), max(1, count)):
            workers.put(worker)
            lacks.update(worker.missing)
        for lack in sorted(lacks):
            progress.console.print(f"[yellow]This machine cannot prevent:[/] {lack}")
        yield workers
    finally:
        while not workers.empty():
            workers.get().close()


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
