"""Configuration of the site: Sphinx with MyST-NB, everything from the repository, offline."""

from keras_solvers.grading import fast_mode

project = "keras_solvers"
copyright = "the keras_solvers authors, Apache-2.0"
extensions = ["myst_nb"]
html_theme = "furo"
html_title = "keras_solvers"
exclude_patterns = ["jupyter_execute"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
# Lectures are run once and kept; labs are shown as students get them, so they are not run.
# In fast mode nothing is run: the tests do that.
nb_execution_mode = "off" if fast_mode() else "cache"
nb_execution_timeout = 240
nb_execution_raise_on_error = True
nb_execution_excludepatterns = ["labs/*"]
nb_merge_streams = True
