"""Automatic wrong versions of a solution: one small change each, as students make them."""

import ast
import copy

_SWAPS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.MatMult: ast.Mult,
    ast.Lt: ast.Gt, ast.LtE: ast.Gt, ast.Gt: ast.Lt, ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
_SETTINGS = ("batch_size", "epochs", "verbose", "seed", "name")


def mutants(code):
    """Yields `(what was changed, changed code)` for the code of one task.

    Operators are swapped, terms and factors dropped, signs and constants changed (an axis moves to
    the other end), and statements that only change a value left out. Settings of a training that
    change nothing but its pace or its noise stay as they are.
    """
    tree = ast.parse(code)
    settings = _settings(tree)
    for index, node in enumerate(ast.walk(tree)):
        if node in settings:
            continue
        for what, change in _changes(node):
            changed = copy.deepcopy(tree)
            twin = next(n for i, n in enumerate(ast.walk(changed)) if i == index)
            change(twin)
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield f"line {getattr(node, 'lineno', 0)}: {what}", text


def _changes(node):
    """`(what, function that changes a copy of the node)` for all changes of one node."""
    if isinstance(node, ast.BinOp):
        old, new = _symbol(node.op), _SWAPS.get(type(node.op))
        if new:
            yield f"{old} becomes {_symbol(new())}", lambda n: setattr(n, "op", new())
        if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            text = f"{old} {ast.unparse(node.right)[:40]}"
            yield f"{text} is missing", lambda n: _become(n, n.left)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        new = _SWAPS[type(node.ops[0])]
        what = f"{_symbol(node.ops[0])} becomes {_symbol(new())}"
        yield what, lambda n: n.ops.__setitem__(0, new())
    elif isinstance(node, ast.BoolOp):
        new = _SWAPS[type(node.op)]
        yield f"{_symbol(node.op)} becomes {_symbol(new())}", lambda n: setattr(n, "op", new())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "the minus sign is missing", lambda n: _become(n, n.operand)
    elif isinstance(node, ast.keyword) and node.arg == "axis":
        yield "another axis", lambda n: setattr(n, "value", _other_axis(n.value))
    elif _is_structural(node):
        value = node.value + 1 if isinstance(node.value, int) else 2.0 * node.value + 0.5
        yield f"{node.value} becomes {value}", lambda n: setattr(n, "value", value)
    elif isinstance(node, ast.AugAssign):
        yield f"`{ast.unparse(node)[:40]}` is missing", lambda n: setattr(n, "value", _neutral(n))


def _settings(tree):
    """The nodes inside arguments such as `batch_size=32`."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in _SETTINGS:
            inside.update(ast.walk(node))
    return inside


def _is_structural(node):
    """Whether a constant is part of a formula: one more neuron is no mistake, one more index is."""
    number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return number and (isinstance(node.value, float) or abs(node.value) <= 2)


def _become(node, other):
    """Turns a node into another one in place."""
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)


def _other_axis(value):
    try:
        axis = ast.literal_eval(value)
    except ValueError:
        return ast.Constant(0)
    return ast.Constant(-1 if axis == 0 else 0)


def _neutral(node):
    """The operand that makes an assignment such as `x += y` do nothing."""
    return ast.Constant(1 if isinstance(node.op, ast.Mult | ast.Div | ast.Pow) else 0)


def _symbol(operator):
    names = {
        "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "Pow": "**", "FloorDiv": "//",
        "Mod": "%", "MatMult": "@", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=",
        "Eq": "==", "NotEq": "!=", "And": "and", "Or": "or",
    }  # fmt: skip
    return names[type(operator).__name__]
