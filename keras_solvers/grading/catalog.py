"""The labs at hand: where they are, and what their `lab.toml` says."""

import dataclasses
import functools
import os
import tomllib
from pathlib import Path

from keras_solvers.grading import source

_CHECKOUT = Path(__file__).parents[2] / "labs"
_INSTALLED = Path(__file__).parent / "released" / "labs"  # in a wheel: without solutions


@dataclasses.dataclass(frozen=True)
class GradedCheck:
    """One line of the grade.

    Attributes:
        name: Name of the probe and of the function that scores it.
        task: Task that it belongs to.
        points: Points for a full score.
        title: What is probed, in words a student may read.
        hint: What to look at if points are missing.
        seconds: Limit of computing time; see `sandbox.run`.
    """

    name: str
    task: str
    points: float
    title: str
    hint: str
    seconds: float = 10.0


@dataclasses.dataclass(frozen=True)
class Lab:
    """A lab in its folder: the full one of instructors, or the one released to students.

    Attributes:
        folder: Its folder, named `NN_slug`.
        about: Contents of its `lab.toml`.
    """

    folder: Path
    about: dict

    @property
    def name(self):
        return self.folder.name

    @property
    def number(self):
        return self.name.partition("_")[0]

    @property
    def released(self):
        """Whether this is the student's version, without solutions and answers."""
        return not (self.folder / "expected.py").is_file()

    @functools.cached_property
    def notebook(self):
        return source.read_notebook(self.folder / "lab.py")

    @functools.cached_property
    def cells(self):
        return source.cells(self.notebook)

    @property
    def tasks(self):
        """`{name: code}` of the tasks, in order; with solutions unless the lab is released."""
        return {cell.name: cell.code for cell in self.cells if cell.kind == "task"}

    @functools.cached_property
    def checks(self):
        return [GradedCheck(**check) for check in self.about.get("checks", ())]

    @property
    def points(self):
        return sum(check.points for check in self.checks)

    def limits(self, check):
        """`{"none": ..., "full": ...}` of a check with a ramp, else empty.

        `lab.toml` also says in `source` which run they come from.
        """
        table = self.about.get("thresholds", {}).get(check, {})
        return {name: table[name] for name in ("none", "full") if name in table}


def labs_folder():
    """Folder of the labs.

    `KERAS_SOLVERS_LABS`, or `labs/` here or above, the checkout's own, or the students' version
    that comes with the package.

    Raises:
        FileNotFoundError: If there is none.
    """
    named = os.environ.get("KERAS_SOLVERS_LABS")
    here = Path.cwd()
    around = [folder / "labs" for folder in (here, *here.parents)]
    places = [Path(named)] if named else [*around, _CHECKOUT, _INSTALLED]
    for place in places:
        if any(place.glob("[0-9][0-9]_*/lab.toml")):
            return place
    raise FileNotFoundError(
        f"There are no labs in {places[0]}. Work inside a checkout of keras_solvers or inside a "
        "released course, or name its folder `labs` in the variable KERAS_SOLVERS_LABS."
    )


def all_labs():
    """All labs at hand, by number."""
    return [_load(path.parent) for path in sorted(labs_folder().glob("[0-9][0-9]_*/lab.toml"))]


def find_lab(wanted):
    """The lab with number or name `wanted` ("5", "05" or "05_unrolled_ista").

    Raises:
        ValueError: If there is none.
    """
    labs = all_labs()
    for lab in labs:
        if wanted == lab.name or (wanted.isdigit() and wanted.zfill(2) == lab.number):
            return lab
    names = ", ".join(lab.name for lab in labs)
    raise ValueError(f"There is no such lab. Received: {wanted!r}. Known labs: {names}")


def _load(folder):
    try:
        return Lab(folder, tomllib.loads((folder / "lab.toml").read_text()))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{folder / 'lab.toml'} is damaged: {error}") from error
