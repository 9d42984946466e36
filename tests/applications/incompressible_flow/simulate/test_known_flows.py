"""Short versions of `benchmarks.simulation`: flows with a known answer."""

import numpy as np
import pytest

from benchmarks.incompressible_flow_known import (
    cavity_errors,
    cylinder_drag,
    mean_relative,
    published_drag,
    taylor_green,
)
from keras_solvers.data import find

tables = pytest.mark.skipif(
    find("tables/ghia1982_u_x0.5.csv") is None,
    reason="no published tables; set KERAS_SOLVERS_DATA",
)


def test_vortices_decay_and_mirrored_half_way_with_second_order():
    mirrored = [taylor_green(n, n // 2, reflected=True, jit=False) for n in (16, 32)]
    assert np.log2(mirrored[0] / mirrored[1]) > 1.6
    projected = taylor_green(16, 8, jit=False)
    assert 5.0 * mirrored[0] < projected < 0.02  # of an amplitude of 0.9


@tables
def test_the_driven_cavity_is_that_of_the_tables():
    assert max(cavity_errors(32, 100, most_time=15.0)) < 0.02


@tables
def test_drag_of_a_started_cylinder():
    """Coarse: 12 cells across, and walls only 5 diameters away, which add a tenth."""
    time, drag = cylinder_drag(40, cells=12, width=10, end=2.0)
    at, published = published_drag(40)
    later = (at > 0.5) & (at < 2.0)
    ours = np.interp(at[later], time, drag)
    assert mean_relative(ours, published[later]) < 0.2
    assert np.all(ours > published[later])
