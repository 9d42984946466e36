"""Docstrings of the library as Sphinx reads them, and links from their names to the pages.

The docstrings are Markdown with sections, such as `Args:`. Napoleon makes lists of the sections;
here everything else becomes reStructuredText before.
"""

import functools
import inspect
import re

import api
import keras
from sphinx.util.inspect import stringify_signature

KERAS = (keras.Layer, keras.Model, keras.losses.Loss, keras.optimizers.Optimizer)
_NAMES_OF_KERAS = {name for each in (*KERAS, keras.callbacks.Callback) for name in dir(each)}

_SECTION = re.compile(r"(Args|Attributes|Raises|Returns|Shapes|Warns|Yields):\s*$")
_CODE = re.compile(r"(`+)((?:(?!\n\n)(?!`).)+?)\1", re.DOTALL)
_MARKUP = re.compile(r"[\\*|`]|(?<=\w)_(?=\W|$)")


def restructured(lines, public):
    """reStructuredText of the lines of a docstring.

    Args:
        lines: Of Markdown.
        public: `{name: where it is documented}`: code that is such a name becomes a link.
    """
    result, text, rest = [], [], _with_shapes_as_text(lines)
    in_section = False
    while rest:
        line = rest.pop(0)
        if line.strip():
            in_section = bool(_SECTION.match(line)) or (in_section and line[0].isspace())
        fenced = line.startswith("```")
        starts_code = line.startswith("    ") and not (in_section or "".join(text[-1:]).strip())
        if not (fenced or starts_code):
            text.append(line)
            continue
        result += [*inline("\n".join(text), public).split("\n"), ""]
        text = []
        result += _fence(line, rest) if fenced else _indented(line, rest)
    return [*result, *inline("\n".join(text), public).split("\n")]


def _with_shapes_as_text(lines):
    """`Shapes:` with a sentence below, and no names, as a paragraph."""
    joined = re.sub(r"^Shapes:\n +(?=`)", "Shapes: ", "\n".join(lines), flags=re.MULTILINE)
    return joined.split("\n")


def _fence(first, rest):
    code = iter(lambda: rest.pop(0), "```")
    return [f".. code-block:: {first[3:]}", "", *(f"    {line}" for line in code), ""]


def _indented(first, rest):
    code = [first]
    while rest and (rest[0].startswith("    ") or not rest[0].strip()):
        code.append(rest.pop(0))
    return [".. code-block:: text", "", *code, ""]


def inline(text, public):
    """Text of paragraphs: code between backticks, and nothing else that is markup."""
    text = re.sub(r"::$", ":", text, flags=re.MULTILINE)
    result, end = "", 0
    for match in _CODE.finditer(text):
        before, after = text[end : match.start()], text[match.end() : match.end() + 1]
        result += escaped(before) + "\\ " * before[-1:].isalnum()
        result += code(" ".join(match[2].split()), public) + "\\ " * after.isalnum()
        end = match.end()
    result += escaped(text[end:])
    return re.sub(r"^(Args|References?|Shapes): ", r"**\1:** ", result, flags=re.MULTILINE)


def escaped(text):
    return _MARKUP.sub(r"\\\g<0>", text)


def code(text, public):
    """A link if the text is a public name, or one of its attributes, and can be nothing else."""
    name, dot, attribute = text.partition(".")
    if name in public and (name.lower() != name or "_" in name) and f"x{attribute}".isidentifier():
        return f":py:obj:`{text} <{public[name]}{dot}{attribute}>`"
    return f"``{text}``"


def _process(app, what, name, thing, options, lines):
    if what == "data" or lines[:1] == ["Call self as a function."]:  # by Python, of the type
        lines.clear()
    public = {key: path for key, path in api.names().items() if path != name}
    lines[:] = restructured(lines, public)


def _signature(app, what, name, thing, options, arguments, returned):
    """That of `__init__`: Keras gives its classes another way in, which takes anything."""
    if not (what == "class" and issubclass(thing, KERAS)):
        return None
    parameters = list(inspect.signature(thing.__init__).parameters.values())[1:]
    return stringify_signature(inspect.Signature(parameters)), None


def _skip(app, what, name, thing, skip, options):
    """Leaves out what Keras asks for and explains, and fields, which the class explains."""
    if not (callable(thing) or isinstance(thing, (property, functools.cached_property))):
        return True
    if name in _NAMES_OF_KERAS and not thing.__doc__ and name not in ("call", "__call__"):
        return True
    return None  # as it would be


def _resolve(app, env, node, text):
    """A name by the module that defines it leads to where users import it from."""
    path = api.paths().get(node.get("reftarget"))
    if path is None:
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", path, node, text)


def setup(app):
    app.connect("autodoc-process-docstring", _process, priority=400)  # before Napoleon
    app.connect("autodoc-process-signature", _signature)
    app.connect("autodoc-skip-member", _skip)
    app.connect("missing-reference", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
