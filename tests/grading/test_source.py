import nbformat
import pytest

from keras_solvers.grading import source

TASK = """def double(x):
    \"\"\"Twice x.\"\"\"
    # --- solution ---
    return 2 * x
    # --- end ---
"""


def test_solution_becomes_a_hole():
    stub = source.with_hole(TASK)
    assert "2 * x" not in stub
    assert "    raise NotImplementedError" in stub
    with pytest.raises(NotImplementedError):
        namespace = {}
        exec(stub, namespace)
        namespace["double"](1)


@pytest.mark.parametrize(
    "code", [f"{source.BEGIN}\nx = 1", f"x = 1\n{source.END}", f"{source.BEGIN}\n{source.BEGIN}"]
)
def test_markers_come_in_pairs(code):
    with pytest.raises(ValueError, match=r"marker|no end"):
        source.with_hole(code)


def test_agreeing_stub_has_no_drift():
    assert source.drift(TASK) == []


def test_nothing_to_do_is_drift():
    assert "nothing is left" in source.drift("def double(x):\n    return 2 * x\n")[0]


def test_name_that_only_the_solution_defines_is_drift():
    code = f"{source.BEGIN}\ndef helper(x):\n    return x\n{source.END}\n{TASK}"
    assert source.drift(code) == ["`helper` stands in the stub or the solution alone"]


def test_student_version_has_neither_solutions_nor_outputs(small_lab):
    notebook = small_lab.notebook
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text="secret")]
    student = source.student_version(notebook)
    assert "np.sqrt(np.sum" not in nbformat.writes(student)
    assert "secret" not in nbformat.writes(student)
    assert "np.sqrt(np.sum" in nbformat.writes(notebook)  # the original is as it was


def test_instructor_version_has_no_markers(small_lab):
    text = nbformat.writes(source.instructor_version(small_lab.notebook))
    assert source.BEGIN not in text
    assert "np.sqrt(np.sum" in text


def test_kinds_of_cells(small_lab):
    kinds = [(cell.kind, cell.name) for cell in small_lab.cells]
    assert kinds == [
        ("setup", ""),
        ("given", ""),
        ("task", "scale"),
        ("check", "scale"),
        ("task", "norm"),
        ("check", "norm"),
        ("reader", ""),
    ]
