"""Runs of applications in the tests."""

from rich.progress import Progress

from keras_solvers import applications
from keras_solvers.applications.execution import execute


def run(name, folder, formats=(), **settings):
    """The `Result` of a run in a folder, without bars."""
    application = applications.load(name)
    with Progress(disable=True) as progress:
        return execute(
            application, application.settings(**settings), folder, progress, formats=formats
        )
