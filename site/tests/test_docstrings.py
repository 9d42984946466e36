import docstrings
import pytest


def restructured(text, **public):
    return "\n".join(docstrings.restructured(text.split("\n"), public)).rstrip()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("the norm |x| of `a * |b|`", "the norm \\|x\\| of ``a * |b|``"),
        ("many `Condition`s", "many ``Condition``\\ s"),
        ("a `code that\nwraps`.", "a ``code that wraps``."),
        ("Reference: Pope, 1975.", "**Reference:** Pope, 1975."),
        ("Shapes:\n    `(n, *cells)` to `(n,)`.", "**Shapes:** ``(n, *cells)`` to ``(n,)``."),
        ("Args:\n    x: `y`.\n        More.", "Args:\n    x: ``y``.\n        More."),
        ("none of ``", "none of \\`\\`"),
    ],
)
def test_markdown_becomes_restructured_text(markdown, expected):
    assert restructured(markdown) == expected


def test_code_is_left_as_it_is():
    indented = restructured("So:\n\n    z = y * |w|\n\nAfter.")
    assert indented == "So:\n\n\n.. code-block:: text\n\n    z = y * |w|\n\n\nAfter."
    fenced = restructured("So:\n\n```python\na `b`\n```\n\nAfter.")
    assert fenced == "So:\n\n\n.. code-block:: python\n\n    a `b`\n\n\nAfter."


def test_public_names_become_links():
    public = {"FISTA": "keras_solvers.classic.FISTA", "data": "keras_solvers.pinn.data"}
    linked = restructured("`FISTA`, `FISTA.restart`, `data`, `ISTA`", **public)
    assert linked == (
        ":py:obj:`FISTA <keras_solvers.classic.FISTA>`, "
        ":py:obj:`FISTA.restart <keras_solvers.classic.FISTA.restart>`, ``data``, ``ISTA``"
    )
