"""Writes label_maps.safetensors: what Pillow and NumPy say of real samples of label-map data sets.

Run with numpy, pillow and safetensors installed, with the samples in ../shared/data beside the
repository: python label_maps.py

Only numbers derived from the samples are stored: how often each class occurs after resizing, how many
pixels lie at edges of instances, how large instances are, and the colours of every 32nd pixel of the
resized photograph. Labels are resized with NEAREST, photographs with BICUBIC.
"""

import pathlib

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

here = pathlib.Path(__file__).resolve().parent
data = here.parents[1].parent / "shared" / "data"
tensors = {}


def put(name, values):
    tensors[name] = np.ascontiguousarray(values, dtype=np.float32)


def resized(path, size):
    return np.array(Image.open(path).resize(size, Image.NEAREST)).astype(np.int64)


def edges(ids):
    """A pixel is an edge if it differs from its left, right, upper or lower neighbour."""
    result = np.zeros(ids.shape, bool)
    across = ids[:, 1:] != ids[:, :-1]
    down = ids[1:] != ids[:-1]
    result[:, 1:] |= across
    result[:, :-1] |= across
    result[1:] |= down
    result[:-1] |= down
    return result


def sample(name, photograph, labels, size, classes, translate=None, instances=None, none=None):
    picture = Image.open(data / photograph).convert("RGB").resize(size, Image.BICUBIC)
    picture = np.array(picture)
    put(f"{name}/pixels", picture[::32, ::32])
    put(f"{name}/mean", picture.reshape(-1, 3).mean(0))
    ids = resized(data / labels, size)
    if translate is not None:
        ids = np.array(translate)[ids]
    put(f"{name}/histogram", np.bincount(ids.ravel(), minlength=classes))
    # Where in the map the classes are: the sum of class times row, and times column.
    rows, columns = np.mgrid[: ids.shape[0], : ids.shape[1]]
    put(f"{name}/moments", [(ids * rows).mean(), (ids * columns).mean()])
    if instances:
        numbers = resized(data / instances, size)
        put(f"{name}/edges", [edges(numbers).sum()])
        found, counts = np.unique(numbers, return_counts=True)
        counts = counts[found != none] if none is not None else counts
        put(f"{name}/areas", np.sort(counts)[::-1])


def stems(folder):
    return sorted(path.stem for path in (data / folder).iterdir())


trained_on = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33]
training = [trained_on.index(i) if i in trained_on else 19 for i in range(35)]
for index, stem in enumerate(stems("cityscapes/train_img")[:3]):
    key = stem.removesuffix("_leftImg8bit")
    files = (
        f"cityscapes/train_img/{stem}.png",
        f"cityscapes/train_label/{key}_gtFine_labelIds.png",
        (512, 256),
    )
    instances = f"cityscapes/train_inst/{key}_gtFine_instanceIds.png"
    sample(f"cityscapes/{index}", *files, 35, instances=instances)
    sample(f"cityscapes-training/{index}", *files, 20, translate=training)

unknown = list(range(182)) + [182] * 74
for index, stem in enumerate(stems("coco_stuff/train_img")[:4]):
    sample(
        f"coco-stuff/{index}", f"coco_stuff/train_img/{stem}.jpg",
        f"coco_stuff/train_label/{stem}.png", (256, 256), 183, translate=unknown,
        instances=f"coco_stuff/train_inst/{stem}.png", none=255)

for index, stem in enumerate(stems("ade20k/images/validation")):
    files = (
        f"ade20k/images/validation/{stem}.jpg", f"ade20k/annotations/validation/{stem}.png",
        (256, 256), 151,
    )
    sample(f"ade20k/{index}", *files)
    sample(f"ade20k-shifted/{index}", *files, translate=[150] + list(range(150)))

# background, hair, face, skin, top clothes, bottom clothes, socks, shoes
merged = {
    0: [0], 1: [1, 2], 2: [4, 13], 3: [3, 10, 14, 15, 16, 17], 4: [5, 6, 7, 11], 5: [9, 12], 6: [8],
    7: [18, 19],
}
eight = [next(k for k, ids in merged.items() if i in ids) for i in range(20)]
for index, stem in enumerate(stems("cihp/images")):
    files = (f"cihp/images/{stem}.jpg", f"cihp/labels/{stem}.png", (256, 256))
    sample(f"cihp/{index}", *files, 20)
    sample(f"deepfashion/{index}", *files, 8, translate=eight)

save_file(tensors, here / "label_maps.safetensors")
