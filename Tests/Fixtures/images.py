"""Writes Tests/Fixtures/images/: small pictures of each kind that is read, and Pillow's resizes of them.

Run with Pillow and numpy installed: python Tests/Fixtures/images.py
"""

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(__file__).parent / "images"
folder.mkdir(exist_ok=True)
height, width = 40, 56
rows, columns = np.mgrid[0:height, 0:width]
random = np.random.default_rng(7)

colour = np.stack([rows * 6, columns * 4, (rows * columns) % 251], -1) + random.integers(
    0, 20, (height, width, 3)
)
colour[8:20, 10:30] = [250, 20, 20]
colour[12:16, 14:50] = [5, 240, 250]
colour = colour.clip(0, 255).astype(np.uint8)
opacity = ((rows + columns) * 255 // (height + width - 2)).astype(np.uint8)
opacity[:6, :6] = 0
values16 = (rows * 1000 + columns).astype(np.uint16)
indices = ((rows // 8 + columns // 8) % 12 + 1).astype(np.uint8)
palette = [c for i in range(13) for c in ((i * 20) % 256, (i * 53) % 256, 255 - i * 19)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(name, array, depth, colour_type, interlaced=False):
    """A plain PNG writer for what Pillow does not write: 16-bit colour and Adam7."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x, y, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        part = array[y::dy, x::dx]
        if part.size:
            raw += b"".join(b"\0" + row.astype(">u2" if depth == 16 else "u1").tobytes() for row in part)
    head = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], depth, colour_type, 0, 0, int(interlaced))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    (folder / name).write_bytes(data)


picture = Image.fromarray(colour)
picture.save(folder / "colour.png")
picture.convert("L").save(folder / "grey.png")
rgba = Image.fromarray(np.dstack([colour, opacity]))
rgba.save(folder / "rgba.png")
Image.fromarray(values16).save(folder / "grey16.png")
write_png("colour16.png", (colour.astype(int) * 257 + 100).clip(0, 65535), 16, 2)
write_png("interlaced.png", colour, 8, 2, interlaced=True)
write_png("interlaced16.png", values16, 16, 0, interlaced=True)

indexed = Image.fromarray(indices, "P")
indexed.putpalette(palette)
indexed.save(folder / "palette.png")
indexed.convert("RGB").save(folder / "palette-colours.png")
indexed.save(folder / "palette-transparent.png", transparency=3)
Image.fromarray((indices > 6)).save(folder / "grey1.png")

picture.save(folder / "photo.jpg", quality=90)
picture.save(folder / "progressive.jpg", quality=90, progressive=True)
picture.convert("L").save(folder / "grey.jpg", quality=90)
picture.convert("CMYK").save(folder / "cmyk.jpg", quality=90)
for name in ["photo", "progressive", "grey"]:
    Image.open(folder / f"{name}.jpg").save(folder / f"{name}-decoded.png")

filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
for name, filter in filters.items():
    for h, w in [(13, 17), (61, 90), (40, 29), (97, 56)]:
        picture.resize((w, h), filter).save(folder / f"{name}-{h}x{w}.png")
    rgba.resize((20, 25), filter).save(folder / f"rgba-{name}-25x20.png")
    picture.convert("L").resize((64, 11), filter).save(folder / f"grey-{name}-11x64.png")
