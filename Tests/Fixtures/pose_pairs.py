"""Writes pose_pairs.safetensors: how the parts of persons move between two poses, as NumPy has it.

Run with numpy and safetensors installed: python pose_pairs.py

Poses are random, with missing points. Transforms are those of arXiv:1801.00055's code, with
scikit-image's estimate_transform written out: both sets of points are normalised, and the row of
smallest singular value solves the homogeneous system. Masks and silhouettes are stored as sums of rows and columns.
With ../shared/data beside the repository the first pairs of the real table are computed too; only
their transforms are stored.
"""

import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).resolve().parent
names = (
    "nose neck Rsho Relb Rwri Lsho Lelb Lwri Rhip Rkne Rank Lhip Lkne Lank Leye Reye Lear Rear"
).split()
parts = [
    ("Rhip", "Rkne", 0.1, 0.1), ("Lhip", "Lkne", 0.1, 0.1), ("Rkne", "Rank", 0.3, 0.5),
    ("Lkne", "Lank", 0.3, 0.5), ("Rsho", "Relb", 0.1, 0.1), ("Lsho", "Lelb", 0.1, 0.1),
    ("Relb", "Rwri", 0.3, 0.5), ("Lelb", "Lwri", 0.3, 0.5),
]
head = ["nose", "Leye", "Reye", "Lear", "Rear"]
corners = ["Rhip", "Lhip", "Lsho", "Rsho"]
nowhere = np.array([[1, 0, 1000], [0, 1, 1000], [0, 0, 1]], float)


def named(points):
    return {n: np.array(p, float) for n, p in zip(names, points) if p[0] != -1 and p[1] != -1}


def trunk(kp):
    right = ((kp["Rhip"] - kp["Rsho"]) ** 2).sum()
    left = ((kp["Lhip"] - kp["Lsho"]) ** 2).sum()
    return np.sqrt((right + left) / 2)


def normalized(points):
    center = points.mean(0)
    rms = np.sqrt(((points - center) ** 2).sum() / len(points))
    if rms == 0:
        return None
    f = np.sqrt(2) / rms
    matrix = np.array([[f, 0, -f * center[0]], [0, f, -f * center[1]], [0, 0, 1]])
    return matrix, (points - center) * f


def affine(src, dst):
    a, b = normalized(src), normalized(dst)
    if a is None or b is None:
        return nowhere
    (src_matrix, p), (dst_matrix, q) = a, b
    n = len(p)
    system = np.zeros((2 * n, 7))
    system[:n, 0:2], system[:n, 2], system[:n, 6] = p, 1, q[:, 0]
    system[n:, 3:5], system[n:, 5], system[n:, 6] = p, 1, q[:, 1]
    _, values, rows = np.linalg.svd(system)
    # Two solutions: the points lie in a line.
    if len(values) > 5 and values[5] < 1e-6:
        return nowhere
    v = rows[-1]
    if abs(v[-1]) < 1e-9:
        return nowhere
    matrix = np.eye(3)
    matrix[:2] = (-v[:-1] / v[-1]).reshape(2, 3)
    matrix = np.linalg.inv(dst_matrix) @ matrix @ src_matrix
    matrix /= matrix[2, 2]
    return matrix if abs(np.linalg.det(matrix)) > 1e-9 else nowhere


def polygon(fr, to, st, reach):
    fr = fr + (fr - to) * 0.1
    to = to + (to - fr) * reach
    axis = fr - to
    normal = np.array([-axis[1], axis[0]])
    length = np.linalg.norm(normal)
    if length == 0:
        return np.array([fr + 1, fr - 1, to - 1, to + 1])
    normal = normal / length
    return np.array([
        fr + st * 0.2 * normal, fr - st * 0.2 * normal, to - st * 0.2 * normal,
        to + st * 0.2 * normal,
    ])


def swapped(name):
    return {"R": "L", "L": "R"}[name[0]] + name[1:]


def transforms(source, target):
    kp1, kp2 = named(source), named(target)
    st1, st2 = trunk(kp1), trunk(kp2)

    def fitted(which):
        return affine(np.array([kp2[n] for n in which]), np.array([kp1[n] for n in which]))

    result = [fitted(corners)]
    seen = [n for n in head if n in kp1 and n in kp2]
    result.append(fitted(seen + ["Lsho", "Rsho"]) if seen else nowhere)
    for fr, to, reach, _ in parts:
        if fr not in kp2 or to not in kp2:
            result.append(nowhere)
            continue
        if fr not in kp1 or to not in kp1:
            a, b = swapped(fr), swapped(to)
        else:
            a, b = fr, to
        if a not in kp1 or b not in kp1:
            result.append(nowhere)
            continue
        result.append(
            affine(polygon(kp2[fr], kp2[to], st2, reach), polygon(kp1[a], kp1[b], st1, reach)))
    return np.array(result).reshape(10, 9)[:, :8]


def whole(source, target):
    """The person as one piece."""
    kp1, kp2 = named(source), named(target)
    which = corners + [n for n in ("Rkne", "Lkne") if n in kp1 and n in kp2]
    matrix = affine(np.array([kp2[n] for n in which]), np.array([kp1[n] for n in which]))
    return matrix.reshape(9)[:8]


def filled(points, height, width):
    """Grid points whose ray crosses the polygon an odd number of times; x is the row."""
    inside = np.zeros((height, width), bool)
    row, column = np.mgrid[:height, :width].astype(float)
    ys, xs = points[:, 0], points[:, 1]
    for i in range(len(points)):
        j = i - 1
        between = ((xs[i] <= column) & (column < xs[j])) | ((xs[j] <= column) & (column < xs[i]))
        if xs[i] == xs[j]:
            continue
        crossing = (ys[j] - ys[i]) * (column - xs[i]) / (xs[j] - xs[i]) + ys[i]
        inside ^= between & (row < crossing)
    return inside


def masks(target, height, width):
    kp = named(target)
    st = trunk(kp)
    result = [np.ones((height, width))]
    square = np.zeros((height, width))
    seen = [kp[n] for n in head if n in kp]
    if seen:
        x, y = np.mean(seen, axis=0).astype(int)
        half = int(0.40 * st)
        square[max(y - half, 0): max(y + half, 0), max(x - half, 0): max(x + half, 0)] = 1
    result.append(square)
    for fr, to, _, reach in parts:
        if fr in kp and to in kp:
            result.append(filled(polygon(kp[fr], kp[to], st, reach)[:, ::-1], height, width))
        else:
            result.append(np.zeros((height, width)))
    return np.array(result, float)


bones = [
    [2, 3], [2, 6], [3, 4], [4, 5], [6, 7], [7, 8], [2, 9], [9, 10], [10, 11], [2, 12], [12, 13],
    [13, 14], [2, 1], [1, 15], [15, 17], [1, 16], [16, 18], [2, 17], [2, 18], [9, 12], [12, 6],
    [9, 3], [17, 18],
]


def window(mask, choose, outside):
    """The extreme of the 5x5 pixels around each."""
    wide = np.pad(mask, 2, constant_values=outside)
    views = [wide[i: i + mask.shape[0], j: j + mask.shape[1]] for i in range(5) for j in range(5)]
    return choose.reduce(views)


def silhouette(target, height, width, radius=4):
    """scikit-image's polygon, disk, dilation and erosion written out; rows before columns."""
    points = [None if p[0] == -1 or p[1] == -1 else np.array(p[::-1], float) for p in target]
    result = np.zeros((height, width), bool)
    for a, b in bones:
        fr, to = points[a - 1], points[b - 1]
        if fr is None or to is None or (fr == to).all():
            continue
        normal = np.array([-(fr - to)[1], (fr - to)[0]])
        normal = radius * normal / np.linalg.norm(normal)
        quad = np.array([fr + normal, fr - normal, to - normal, to + normal])
        result |= filled(quad[:, ::-1], width, height).T
    row, column = np.mgrid[:height, :width]
    for p in points:
        if p is not None:
            result |= ((row - p[0]) / radius) ** 2 + ((column - p[1]) / radius) ** 2 < 1
    return window(window(result, np.logical_or, False), np.logical_and, True)


def random_pose(rng):
    """A person about 100 pixels tall, limbs in any direction, places in halves of a pixel."""
    base = np.array([
        [0, -34], [0, -24], [-9, -24], [-14, -8], [-15, 6], [9, -24], [14, -8], [15, 6], [-6, 8],
        [-7, 28], [-7, 46], [6, 8], [7, 28], [7, 46], [3, -37], [-3, -37], [6, -35], [-6, -35],
    ], float)
    points = base * rng.uniform(0.7, 1.1) + [32, 60] + rng.normal(0, 4, base.shape)
    return np.round(points * 2) / 2


tensors = {}
rng = np.random.default_rng(15)
cases = []
for case in range(24):
    source, target = random_pose(rng), random_pose(rng)
    for points in (source, target):
        free = [i for i, n in enumerate(names) if n not in corners]
        for i in rng.choice(free, size=case % 7, replace=False):
            points[i] = -1
    if case == 20:  # a limb of no length
        target[names.index("Rwri")] = target[names.index("Relb")]
        source[names.index("Lkne")] = source[names.index("Lhip")]
    if case == 21:  # no head
        for n in head:
            target[names.index(n)] = -1
    if case == 22:  # a body in a line
        for i, n in enumerate(corners):
            source[names.index(n)] = [20 + 3 * i, 40 + 6 * i]
    if case == 23:  # mostly outside of the picture
        target += 45
        target[target == 44] = -1
    cases.append((source, target))
tensors["source"] = np.array([c[0] for c in cases])
tensors["target"] = np.array([c[1] for c in cases])
tensors["transforms"] = np.array([transforms(*c) for c in cases])
tensors["whole"] = np.array([whole(*c) for c in cases])
planes = np.array([masks(c[1], 128, 64) for c in cases])
tensors["rows"], tensors["columns"] = planes.sum(3), planes.sum(2)
planes = np.array([silhouette(c[1], 128, 64) for c in cases], float)
tensors["silhouette/rows"], tensors["silhouette/columns"] = planes.sum(2), planes.sum(1)

table = here.parents[1].parent / "shared" / "data" / "person_pose" / "market-annotation-train.csv"
if table.exists():
    poses = {}
    for line in table.read_text().splitlines()[1:]:
        name, y, x = line.split(":")
        poses[name] = np.array([json.loads(x), json.loads(y)]).T
    persons = {}
    for name, pose in poses.items():
        stranger = name.startswith("-1") or name.startswith("0000")
        if not stranger and all(n in named(pose) for n in corners):
            persons.setdefault(name.split("_")[0], []).append(name)
    pairs = [(a, b) for group in persons.values() for a in group for b in group if a != b]
    tensors["real/pairs"] = np.array([len(pairs)])
    tensors["real/transforms"] = np.array([transforms(poses[a], poses[b]) for a, b in pairs[:60]])
    tensors["real/whole"] = np.array([whole(poses[a], poses[b]) for a, b in pairs[:60]])
    planes = np.array([masks(poses[b], 128, 64) for _, b in pairs[:60]])
    tensors["real/areas"] = planes.sum((2, 3))

save_file(
    {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in tensors.items()},
    here / "pose_pairs.safetensors")
