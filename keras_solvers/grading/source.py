"""The one source of a lab: a jupytext `py:percent` script with tagged cells.

Tags say what a cell is for:

* `setup`: imports and data; the grader runs it once, before any code of a student.
* `given`: functions of the lab that the tasks use.
* `task:NAME`: the student's work; its solution stands between the markers below.
* `check:NAME`: a public check of a task, whose value is a `PublicCheck`.

Cells without such a tag (text, pictures, training, exploration) are only for the reader.
"""

import ast
import dataclasses
import textwrap

import jupytext
import nbformat

BEGIN = "# --- solution ---"
END = "# --- end ---"
HOLE = "# Your code here."


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell of a lab.

    Attributes:
        kind: "setup", "given", "task", "check", or "reader" for all others.
        name: Name of the task or check, else an empty string.
        code: Its Python code.
    """

    kind: str
    name: str
    code: str


def cells(notebook):
    """The code cells of a notebook as `Cell`s, in order."""
    return [_cell(node) for node in notebook.cells if node.cell_type == "code"]


def _cell(node):
    tags = node.get("metadata", {}).get("tags", [])
    for tag in tags if isinstance(tags, list) else []:
        kind, _, name = str(tag).partition(":")
        if (kind in ("task", "check") and name) or kind in ("setup", "given"):
            return Cell(kind, name, node.source)
    return Cell("reader", "", node.source)


def read_notebook(path):
    """The notebook in a `.py` or `.ipynb` file."""
    return jupytext.read(path)


def parse(text, suffix):
    """The notebook in the text of a file that ends in `suffix`."""
    return jupytext.reads(text, fmt=suffix)


def student_version(notebook):
    """The notebook with each solution replaced by a hole, and without outputs."""
    result = nbformat.from_dict(notebook)
    for node in result.cells:
        if node.cell_type == "code":
            node.source = with_hole(node.source)
            node.outputs, node.execution_count = [], None
    return result


def instructor_version(notebook):
    """The notebook with its solutions, without their markers."""
    result = nbformat.from_dict(notebook)
    for node in result.cells:
        lines = node.source.splitlines()
        node.source = "\n".join(line for line in lines if line.strip() not in (BEGIN, END))
    return result


def with_hole(code):
    """Replaces each solution in `code` by a comment and a `NotImplementedError`.

    Raises:
        ValueError: If a marker has no partner.
    """
    result, inside = [], False
    for line in code.splitlines():
        marker = line.strip()
        if marker not in (BEGIN, END):
            if not inside:
                result.append(line)
            continue
        if inside == (marker == BEGIN):
            raise ValueError(f"Solution markers must come in pairs. Received: {line!r} in\n{code}")
        inside = marker == BEGIN
        if inside:
            indent = line[: len(line) - len(line.lstrip())]
            result += [f"{indent}{HOLE}", f'{indent}raise NotImplementedError("to be written")']
    if inside:
        raise ValueError(f"The solution has no end. Add a line `{END}` to\n{code}")
    return "\n".join(result)


def drift(code):
    """What a task's stub and its solution disagree about: a list of sentences, best empty.

    A stub must be valid Python, define the names that the solution defines, with the same
    arguments and the same docstrings, and leave something to do.
    """
    stub = with_hole(code)
    if stub == code.rstrip("\n"):
        return ["nothing is left for the student: the cell has no solution markers"]
    problems = []
    try:
        before, after = _definitions(stub), _definitions(code)
    except SyntaxError as error:
        return [f"the cell is no valid Python: {error}"]
    for name in sorted(before.keys() ^ after.keys()):
        problems.append(f"`{name}` stands in the stub or the solution alone")
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            problems.append(f"`{name}` has another signature or docstring in the stub")
    return problems


def _definitions(code):
    """`{name: (arguments, docstring)}` of the functions, methods and classes of `code`."""
    found = {}

    def visit(node, prefix):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                name = f"{prefix}{child.name}"
                arguments = ast.unparse(child.args) if isinstance(child, ast.FunctionDef) else ""
                found[name] = (arguments, ast.get_docstring(child))
                if isinstance(child, ast.ClassDef):
                    visit(child, f"{name}.")

    visit(ast.parse(textwrap.dedent(code)), "")
    return found
