import ast

from keras_solvers.grading.mutation import mutants

CODE = '''
def f(x, axis_of):
    """Two words."""
    y = -x[0] + 3.5 * x
    y += 1
    if len(x) >= 100 and y is not None:
        return np.sum(y, axis=-1)
    return network.fit(x, batch_size=2, epochs=1)
'''


def test_every_mutant_is_other_python():
    original = ast.unparse(ast.parse(CODE))
    found = list(mutants(CODE))
    for _, code in found:
        ast.parse(code)
        assert code != original
    assert len({code for _, code in found}) == len(found)


def test_kinds_of_mutants():
    changes = " | ".join(what for what, _ in mutants(CODE))
    for what in (
        "+ becomes -",
        "+ 3.5 * x is missing",
        "* becomes /",
        "the minus sign is missing",
        "3.5 becomes 7.5",
        "another axis",
        ">= becomes <",
        "and becomes or",
        "`y += 1` is missing",
    ):
        assert what in changes
    assert "100" not in changes  # a size, not a part of a formula


def test_settings_of_a_training_stay():
    assert not any("batch_size=3" in code or "epochs=2" in code for _, code in mutants(CODE))
