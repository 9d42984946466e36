"""Points inside shapes and on their boundaries."""

import numpy as np

SEQUENCES = ("latin hypercube", "sobol", "halton", "uniform")
_MOST = 2**22  # candidates after which a shape is said to be empty


def sample_inside(geometry, num_points, seed, sequence):
    """Points of a low-discrepancy sequence in the bounds of the shape, less those outside."""
    if sequence not in SEQUENCES:
        raise ValueError(
            f"`sequence` must be one of {', '.join(SEQUENCES)}. Received: sequence={sequence!r}"
        )
    low, high = geometry.bounds.T
    proposed = num_points
    while proposed <= max(_MOST, num_points):
        points = low + (high - low) * _in_unit_cube(len(low), proposed, seed, sequence)
        points = points[geometry.contains(points)]
        if len(points) >= num_points:
            return points[:num_points]
        share = max(len(points) / proposed, 1e-3)
        proposed = int(1.2 * max(proposed, num_points / share)) + 16
    raise ValueError(
        f"The shape has no interior: of {_MOST} points in its bounds, {geometry.bounds.tolist()}, "
        f"fewer than the {num_points} asked for lie inside. Check its sizes and what is cut out."
    )


def _in_unit_cube(dimensions, num_points, seed, sequence):
    if sequence == "uniform":
        return np.random.default_rng(seed).random((num_points, dimensions))
    from scipy.stats import qmc

    if sequence == "sobol":
        power = int(np.ceil(np.log2(max(num_points, 1))))
        return qmc.Sobol(dimensions, rng=seed).random_base2(power)[:num_points]
    kind = qmc.LatinHypercube if sequence == "latin hypercube" else qmc.Halton
    return kind(dimensions, rng=seed).random(num_points)


def sample_on(geometry, num_points, seed, where):
    """Points and normals of the part of the boundary where `where(points)` holds."""
    rng = np.random.default_rng(seed)
    proposed = 4 * num_points + 64
    while proposed <= _MOST:
        points, normals = geometry.propose_boundary(proposed, rng)
        if where is not None:
            kept = np.asarray(where(points), bool)
            points, normals = points[kept], normals[kept]
        if len(points) >= num_points:
            chosen = np.linspace(0, len(points) - 1, num_points).round().astype(int)
            return points[chosen], normals[chosen]
        proposed *= 4
    raise ValueError(
        "No part of the boundary is where the condition is to hold: of more than a million points "
        f"of the boundary of {geometry.bounds.tolist()}, {len(points)} are there, and {num_points} "
        "were asked for."
    )
