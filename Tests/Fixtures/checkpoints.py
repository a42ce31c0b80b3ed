"""Writes checkpoints/: small files of every form that PyTorch and NumPy write, and hostile ones.

Run with torch, numpy and safetensors installed: python checkpoints.py

`expected.safetensors` holds what each sound file should be read as, under `file/name`.
"""

import collections
import io
import pathlib
import pickle
import shutil
import struct
import sys
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

here = pathlib.Path(__file__).resolve().parent
folder = here / "checkpoints"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
sys.path.insert(0, str(here.parents[1] / "Benchmarks" / "pytorch"))
from smis_networks import Decoder, Discriminator, Encoder, conv  # noqa: E402
from translation import PatchGAN, UNet  # noqa: E402

torch.manual_seed(7)
torch.set_num_threads(1)
expected = {}


def expect(file, tensors):
    for name, x in tensors.items():
        if isinstance(x, torch.Tensor) and "num_batches" not in name:
            expected[f"{file}/{name}"] = x.detach().to(torch.float32).contiguous().clone()


def save(file, value, tensors=None, stream=False):
    torch.save(value, folder / file, _use_new_zipfile_serialization=not stream)
    expect(file, value if tensors is None else tensors)


def moved(network):
    """A network with weights and statistics that are all different."""
    with torch.no_grad():
        for x in list(network.parameters()) + list(network.buffers()):
            if x.is_floating_point():
                x.copy_(torch.rand_like(x) + 0.1)
    return network


# The two forms of PyTorch, and what training leaves around a state dict.
small = moved(nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3))).state_dict()
save("zip.pth", small)
save("stream.pth", small, stream=True)
parallel = collections.OrderedDict((f"module.{name}", x) for name, x in small.items())
optimizer = {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 0.1}]}
save("nested.pth", {"epoch": 3, "state_dict": parallel, "optimizer": optimizer}, parallel)
save("two.pth", {"g": small, "g_ema": dict(small)}, {})
save("parameters.pth", dict(moved(nn.Linear(2, 2)).named_parameters()))
save("one.pth", torch.arange(3.0), {"tensor": torch.arange(3.0)})
save("empty.pth", {}, {})

# Spectral norm under its older and its newer names, and an instance norm of an early version.
old = nn.utils.spectral_norm(moved(nn.Conv2d(2, 3, 3)))
new = nn.utils.parametrizations.spectral_norm(moved(nn.Conv2d(2, 3, 3)))
save("spectral.pth", old.state_dict())
save("parametrized.pth", new.state_dict())
early = moved(nn.Sequential(nn.Conv2d(2, 3, 3), nn.InstanceNorm2d(3, track_running_stats=True)))
save("instance.pth", early.state_dict())

# Views: transposed, cut out, every second, expanded, of a shared storage, and one in two places.
base = torch.rand(4, 6)
views = {
    "base": base, "transposed": base.t(), "cut": base[1:3, 2:5], "second": base[::2, 1::3],
    "expanded": base[:1, :1].expand(3, 2), "same": base, "row": base[2], "number": base[1, 1],
    "none": base[:0], "folded": torch.rand(2, 3, 4, 5).permute(2, 0, 3, 1),
}
save("views.pth", views)
save("views-stream.pth", views, stream=True)

# Every number format; of doubles, one is beyond float32.
whole = [[0, 1, 2], [3, 100, 127]]
types = {
    "f64": torch.tensor([[0.1, -2.0, 1e300]], dtype=torch.float64),
    "f32": torch.tensor([1 / 3, float("inf"), float("-inf")]),
    "f16": torch.tensor([0.1, 65504.0, 6e-8]).half(),
    "bf16": torch.tensor([0.1, 3e38, 1e-38]).bfloat16(),
    "bool": torch.tensor([True, False]),
}
for name, dtype in [
    ("i64", torch.int64), ("i32", torch.int32), ("i16", torch.int16), ("i8", torch.int8),
    ("u8", torch.uint8),
]:
    types[name] = torch.tensor(whole, dtype=dtype)
save("types.pth", types)
save("types-stream.pth", types, stream=True)
save("inexact.pth", {"count": torch.tensor([1, 2**40 + 1])}, {})

# NumPy's arrays.
arrays = {
    "a.weight": np.float32([[1, 2, 3], [4, 5, 6]]), "half": np.float16([0.5, -2]),
    "wide": np.array(0.25), "fortran": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "whole": np.int64([[7]]), "yes": np.array([True, False]), "none": np.zeros((0, 3), np.float32),
}
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "packed.npz", **arrays)
# Kernels as Keras has them: convolution, transposed convolution, dense; a number says where it lies.
keras = {
    "conv2d_1/kernel:0": np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5),
    "conv2d_1/bias:0": np.arange(5.0),
    "conv2d_transpose_1/kernel:0": np.arange(2 * 2 * 3 * 4.0).reshape(2, 2, 3, 4),
    "dense_1/kernel:0": np.arange(6.0).reshape(2, 3),
}
np.savez(folder / "keras.npz", **{name: x.astype(np.float32) for name, x in keras.items()})
np.save(folder / "array.npy", arrays["a.weight"])
np.save(folder / "big.npy", np.array([1.0], ">f4"))
np.save(folder / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
for file in ["arrays.npz", "packed.npz"]:
    expect(file, {name: torch.tensor(x) for name, x in arrays.items()})
expect("array.npy", {"array": torch.tensor(arrays["a.weight"])})


def repacked(file, change=lambda name, data: data, method=zipfile.ZIP_STORED, source="zip.pth"):
    """A checkpoint packed again by Python's zip files."""
    with zipfile.ZipFile(folder / source) as given, zipfile.ZipFile(folder / file, "w") as made:
        for entry in given.infolist():
            data = change(entry.filename.split("/", 1)[1], given.read(entry))
            if data is not None:
                made.writestr(zipfile.ZipInfo(entry.filename), data, method)


repacked("deflated.pth", method=zipfile.ZIP_DEFLATED)
expect("deflated.pth", small)
repacked("big-endian.pth", lambda name, data: b"big" if name == "byteorder" else data)
repacked("no-numbers.pth", lambda name, data: None if name == "data/0" else data)
repacked("few-numbers.pth", lambda name, data: data[:-4] if name == "data/0" else data)
packed = bytearray((folder / "zip.pth").read_bytes())
packed[packed.index(small["0.weight"].numpy().tobytes()) + 8] ^= 64
(folder / "changed.pth").write_bytes(packed)

# A zip file with the large fields that files beyond 4 GB have.
packed = (folder / "zip.pth").read_bytes()
end = packed.rindex(b"PK\5\6")
count, length, offset = struct.unpack("<HII", packed[end + 10 : end + 20])
large = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, offset)
place = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
(folder / "large.pth").write_bytes(packed[:end] + large + place + last)
expect("large.pth", small)

# Networks under their authors' names.
save("patchgan.pth", moved(PatchGAN(2 + 3, width=2, strided=1)).state_dict())
save("unet.pth", moved(UNet(2, 3, levels=5, width=1)).state_dict(), stream=True)
save("multiscale.pth", moved(Discriminator(2 + 3, width=1)).state_dict())


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=False)]
        rest = [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=False)]
        norms = [nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)]
        self.conv_block = nn.Sequential(*half, norms[0], nn.ReLU(), *rest, norms[1])


class ResNet(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.model = nn.Sequential(
            nn.ReflectionPad2d(3), nn.Conv2d(inputs, 2, 7, bias=False), nn.BatchNorm2d(2),
            nn.ReLU(), nn.Conv2d(2, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU(),
            Block(4), nn.ConvTranspose2d(4, 2, 3, 2, 1, 1, bias=False), nn.BatchNorm2d(2),
            nn.ReLU(), nn.ReflectionPad2d(3), nn.Conv2d(2, 3, 7),
        )


save("resnet.pth", moved(ResNet(2)).state_dict())


# Files that ask for more than tensors. Loading one with Python's pickle would make ./executed.
class Asks:
    """An object that is pickled as a call."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def hostile(file, data, protocol=2):
    if not isinstance(data, bytes):
        data = pickle.dumps(data, protocol)
    with zipfile.ZipFile(folder / f"hostile-{file}.pth", "w") as made:
        made.writestr(zipfile.ZipInfo("archive/data.pkl"), data)
        made.writestr(zipfile.ZipInfo("archive/data/0"), struct.pack("<4f", 1, 2, 3, 4))


def text(x):
    return b"X" + struct.pack("<I", len(x)) + x.encode()


import os  # noqa: E402

hostile("posix-system", {"a": Asks(os.system, "touch executed")})
hostile("os-system", b"\x80\2cos\nsystem\n" + text("touch executed") + b"\x85R.")
hostile("stack-global", Asks(os.system, "touch executed"), protocol=4)
hostile("eval", Asks(eval, "open('executed', 'w')"))
hostile("getattr", Asks(getattr, "text", "upper"))
hostile("load", b"\x80\2ctorch\nload\n" + text("x") + b"\x85R.")
hostile("class", {"opt": __import__("argparse").Namespace(lr=1)})
hostile("inst", b"(S'touch executed'\nios\nsystem\n.".replace(b"S'touch executed'\n", text("x")))
hostile("build", b"\x80\2}" + text("x") + b"b.")
hostile("extension", b"\x80\2\x82\1.")
hostile("call-of-text", b"\x80\2" + text("os.system") + text("x") + b"\x85R.")
storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + b"K\4tQ"
hostile("persistent-module", b"\x80\2(" + text("module") + text("os") + b"tQ.")
hostile("persistent-text", b"\x80\2Pos.system\n.")
hostile("storage-type", b"\x80\2" + storage.replace(b"ctorch\nFloatStorage\n", b"cos\nsystem\n") + b".")
hostile("storage-call", b"\x80\2ctorch\nFloatStorage\nK\4\x85R.")


def view(offset, shape, strides):
    rebuild = b"ctorch._utils\n_rebuild_tensor_v2\n"
    ends = b"\x89ccollections\nOrderedDict\n)RtR"
    pack = lambda xs: b"(" + b"".join(b"\x8a\x08" + struct.pack("<q", x) for x in xs) + b"t"  # noqa: E731
    tensor = rebuild + b"(" + storage + pack([offset])[1:-1] + pack(shape) + pack(strides) + ends
    return b"\x80\2}" + text("w") + tensor + b"s."


hostile("beyond", view(1, [2, 2], [2, 1]))
hostile("negative", view(-1, [2], [1]))
hostile("overflow", view(0, [2**40, 2**40], [0, 0]))
hostile("far", view(2**62, [2], [2**62]))
hostile("huge", view(0, [2**20, 2**20], [0, 0]))
hostile("itself", b"\x80\2}q\0" + text("a") + b"h\0s.")
hostile("key-twice", b"\x80\2}(" + text("a") + b"h\0u.")

# GroupDNet's generator and encoder, drawn last so that what is above stays as it is.
form = dict(variant="deepfashion", classes=2, planes=2, hidden=2)
groupdnet = Decoder(
    conv(16, 16, groups=2), [16, 16, 16, 16, 8, 4, 2, 1], [2, 2, 1, 1, 1, 1, 1], (1, 1), 5, **form)
torch.save(
    moved(groupdnet).state_dict(), folder / "groupdnet.pth", _use_new_zipfile_serialization=False)
torch.save(moved(Encoder(6, 4, 16, 5, groups=2)).state_dict(), folder / "class-split.pth")

save_file(expected, folder / "expected.safetensors")
for path in folder.iterdir():
    path.chmod(0o644)
print(len(list(folder.iterdir())), "files,", sum(p.stat().st_size for p in folder.iterdir()), "bytes")
