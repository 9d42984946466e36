"""Configuration of the site: Sphinx with MyST-NB, everything from the repository, offline."""

import os
import sys
from pathlib import Path

from keras_solvers.grading import fast_mode

sys.path.insert(0, str(Path(__file__).parent))  # the extensions beside this file
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # lectures do not open with TensorFlow's messages

project = "keras_solvers"
copyright = "the keras_solvers authors, Apache-2.0"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "docstrings",
    "mathml",
]
html_theme = "furo"
html_title = "keras_solvers"
html_static_path = ["_static"]
html_css_files = ["style.css"]
html_math_renderer = "mathml"
exclude_patterns = ["jupyter_execute"]

myst_enable_extensions = ["dollarmath", "amsmath"]
myst_dmath_double_inline = True  # $$...$$ may follow a line of text
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "special-members": "__call__",
    "member-order": "bysource",
}
napoleon_custom_sections = [("Shapes", "params_style"), ("Warns", "params_style")]
napoleon_use_ivar = True  # attributes in a list, since properties are documented by themselves
napoleon_use_rtype = False
viewcode_line_numbers = True
toc_object_entries_show_parents = "hide"
maximum_signature_line_length = 88

# Lectures are run once and kept; labs are shown as students get them, so they are not run.
# In fast mode nothing is run: the tests do that.
nb_execution_mode = "off" if fast_mode() else "cache"
nb_execution_timeout = 240
nb_execution_raise_on_error = True
nb_execution_excludepatterns = ["labs/*"]
nb_merge_streams = True
nb_output_stderr = "remove"
