"""Formulas as MathML, which browsers draw by themselves: no script, and nothing from outside."""

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

_CONVERTER = LatexToMathML(fancy_error=False)
_LOGGER = logging.getLogger(__name__)


def mathml(node, displayed):
    """MathML of the TeX in a node; what is not understood is a warning, and stays as it is."""
    tex = node.astext()
    try:
        return _CONVERTER.convert_with_local_state(tex, displaystyle=displayed)
    except LatexError as error:
        _LOGGER.warning("no formula: %s: %s", tex, error, location=node)
        return nodes.Text(tex)


def _inline(translator, node):
    translator.body.append(mathml(node, displayed=False))
    raise nodes.SkipNode


def _block(translator, node):
    translator.body.append(f'<div class="math">{mathml(node, displayed=True)}</div>\n')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
