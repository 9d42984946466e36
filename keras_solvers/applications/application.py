"""What an application is: settings that become options, and a run that becomes a folder."""

import dataclasses
import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from keras_solvers.applications.settings import Settings

if TYPE_CHECKING:
    import keras
    from matplotlib.figure import Figure
    from rich.progress import Progress

    from keras_solvers.training import RunFolder


@dataclasses.dataclass(frozen=True)
class Application:
    """A problem that networks and classic methods solve side by side, as one command.

    It is light, so that all can be listed: neither Keras nor a solver is imported before `run`.

    Attributes:
        title: What is solved, in one line.
        network: What the network is, in a few words.
        rivals: The classic methods that its answers stand beside.
        settings: The `Settings` of a run.
        runner: Module with `run(settings, folder, progress)`, which returns a `Result`.
        headline: `(benchmark, figure)`: the measured figure that the gallery shows, by its name or
            the beginning of it.
        uses: Packages of other applications that it uses, by their public names.
        resizer: Module with `resized(network, cells)`, which returns a trained network for other
            numbers of cells, and typical inputs; `None` where sizes are fixed.
        name: Set by the registry.
    """

    title: str
    network: str
    rivals: tuple[str, ...]
    settings: type[Settings]
    runner: str
    headline: tuple[str, str]
    uses: tuple[str, ...] = ()
    resizer: str | None = None
    name: str = ""

    def run(self, settings: Settings, folder: "RunFolder", progress: "Progress") -> "Result":
        """Trains, measures and draws.

        Args:
            settings: Of type `self.settings`.
            folder: Of checkpoints and pictures that are written on the way.
            progress: To draw on.
        """
        return importlib.import_module(self.runner).run(settings, folder, progress)

    def resized(self, network: "keras.Model", cells: tuple[int | None, ...]):
        """`(network, inputs)` for other numbers of cells, to be exported.

        Raises:
            ValueError: If networks of this application have fixed sizes.
        """
        if self.resizer is None:
            raise ValueError(f"The networks of `run {self.name}` have fixed sizes: no `--cells`.")
        return importlib.import_module(self.resizer).resized(network, cells)

    def default_folder(self, settings: Settings) -> str:
        """Name of the run folder if none is given: it tells choices apart."""
        chosen = [
            getattr(settings, field.name)
            for field in dataclasses.fields(settings)
            if field.metadata["choices"]
        ]
        return "runs/" + "-".join([self.name, *chosen])


@dataclasses.dataclass(frozen=True)
class Table:
    """Results as they are printed.

    Attributes:
        title: Above the table.
        columns: Headings, with units.
        rows: A word for each column.
        caption: Below the table.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


@dataclasses.dataclass(frozen=True)
class Result:
    """What a run leaves behind.

    Attributes:
        metrics: What was measured; can be written as JSON.
        tables: What is printed.
        figures: `{name: figure}`.
        history: Of the training, a row an epoch.
        model: The trained model; `None` if nothing was trained.
        exported: What is exported, if that is another model.
        card: `input_meaning`, `output_meaning`, `units`, `normalisation`, `metrics` for the model
            card of exports.
        inputs: At least 5 typical inputs, by which exports are compared; standard normal ones if
            `None`.
    """

    metrics: Mapping[str, Any]
    tables: Sequence[Table] = ()
    figures: Mapping[str, "Figure"] = dataclasses.field(default_factory=dict)
    history: Sequence[Mapping[str, float]] = ()
    model: "keras.Model | None" = None
    exported: "keras.Model | None" = None
    card: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    inputs: Any = None
