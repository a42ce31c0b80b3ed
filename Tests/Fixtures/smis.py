"""Writes smis.safetensors: what GroupDNet, its blocks, its rivals, encoders and discriminator give.

Run with torch, numpy and safetensors installed: python smis.py

Weights and inputs are those of hashed.py; outputs and gradients are thinned. Each case is called
twice in training (statistics and power iterations move), then once in evaluation, all in double
precision.
"""

import pathlib

import torch
from hashed import images, labels, numbers
from recording import record, save
from smis_networks import Block, Decoder, Discriminator, Encoder, MulNet, Norm, conv, split
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
def planes(name, count, height, width, classes, edges=None):
    """One-hot planes; with "each" the edges follow every plane, with "last" all of them."""
    one_hot = F.one_hot(labels(name, count, height, width, classes), classes)
    one_hot = one_hot.permute(0, 3, 1, 2).double()
    if edges is None:
        return one_hot
    lines = labels(f"{name}.edges", count, height, width, 2, 2)[:, None].double()
    if edges == "last":
        return torch.cat([one_hot, lines], 1)
    pairs = [torch.cat([one_hot[:, c:c + 1], lines], 1) for c in range(classes)]
    return torch.cat(pairs, 1)


# Blocks.
convolution = conv(6, 8, groups=2, spectral=True)
record("conv", convolution, lambda x: [convolution(x)], [images("conv/x", 2, 5, 6, 6)])
forms = {
    "deepfashion": (dict(variant="deepfashion", classes=4, planes=4, hidden=6), 2, None),
    "cityscapes": (dict(variant="cityscapes", classes=3, planes=6, hidden=6), 2, "each"),
    "ade20k": (dict(variant="ade20k", classes=3, planes=3, hidden=6), 2, None),
    "ade20k.divided": (dict(variant="ade20k", classes=4, planes=4, hidden=6), 2, None),
}
for name, (form, groups, edges) in forms.items():
    seg = planes(f"norm.{name}/labels", 2, 12, 16, form["classes"], edges)
    norm = Norm(12, groups, **form)
    record(
        f"norm.{name}", norm, lambda x: [norm(x, seg)], [images(f"norm.{name}/x", 2, 6, 8, 12)])
for case, before, after in [("block.same", 8, 8), ("block.changing", 8, 4)]:
    seg = planes(f"{case}/labels", 2, 12, 16, 4)
    block = Block(before, after, 2, **forms["deepfashion"][0])
    record(case, block, lambda x: [block(x, seg)], [images(f"{case}/x", 2, 6, 8, before)])
# The printed forms: ReLU, γ · BN(affine) + β, spectral norms everywhere.
printed = dict(forms["deepfashion"][0], printed=True)
seg = planes("norm.printed/labels", 2, 12, 16, 4)
norm = Norm(12, 2, **printed)
record("norm.printed", norm, lambda x: [norm(x, seg)], [images("norm.printed/x", 2, 6, 8, 12)])
norm = Norm(12, 2, **forms["deepfashion"][0], spectral=True)
record("norm.spectral", norm, lambda x: [norm(x, seg)], [images("norm.printed/x", 2, 6, 8, 12)])
block = Block(8, 4, 2, spectral="all", act=F.relu, **printed)
record("block.printed", block, lambda x: [block(x, seg)], [images("block.printed/x", 2, 6, 8, 8)])

# Whole decoders from a latent map of 1×2; two samples. The end of a name says how often they double.
size = (1, 2)
narrow, one = [16, 16, 16, 16, 8, 4, 2, 1], [1] * 7
for case, classes, start, channels, groups, form, edges in [
    ("decoder.deepfashion", 4, "map", narrow, [4, 4, 2, 2, 1, 1, 1], dict(), None),
    ("decoder.cityscapes", 2, "map", [32, 32, 32, 32, 16, 8, 4, 2], [2, 2, 2, 1, 1, 1, 1],
     dict(variant="cityscapes"), "each"),
    ("decoder.ade20k", 3, "map", [48, 48, 32, 16, 16, 8, 4, 2], [3, 2, 2, 2, 2, 2, 1],
     dict(variant="ade20k"), None),
    ("decoder.deepfashion.more", 4, "map", narrow, [4, 4, 2, 2, 1, 1, 1], dict(), None),
    ("decoder.cityscapes.more", 2, "map", [32, 32, 32, 32, 16, 8, 4, 2], [2, 2, 2, 1, 1, 1, 1],
     dict(variant="cityscapes"), "each"),
    ("decoder.ade20k.more", 3, "map", [48, 48, 32, 16, 16, 8, 4, 2], [3, 2, 2, 2, 2, 2, 1],
     dict(variant="ade20k"), None),
    ("decoder.deepfashion.most", 2, "map", [32, 32, 32, 32, 16, 8, 4, 2], [2, 2, 1, 1, 1, 1, 1],
     dict(), None),
    ("decoder.group", 2, "map", [16, 16, 16, 16, 8, 4, 2, 2], [2, 2, 2, 2, 1, 1, 1],
     dict(kind="group"), None),
    ("decoder.none", 2, "map", narrow, [2, 2, 1, 1, 1, 1, 1], dict(kind="none"), None),
    ("decoder.codes", 2, "codes", narrow, [2, 2, 1, 1, 1, 1, 1], dict(), None),
    ("decoder.relu", 2, "map", narrow, [2, 2, 1, 1, 1, 1, 1], dict(act=F.relu), None),
    ("decoder.printed", 2, "map", narrow, [2, 2, 1, 1, 1, 1, 1],
     dict(act=F.relu, printed=True, spectral="all"), None),
    ("spade.printed", 3, "vector", narrow, one,
     dict(act=F.relu, printed=True, spectral="all"), "last"),
    # The rivals: SPADE from a vector, from labels and from a map (GroupEnc), all groups (GroupDec).
    ("spade.vector", 3, "vector", narrow, one, dict(), "last"),
    ("spade.labels", 3, "labels", narrow, one, dict(), None),
    ("spade.map.more", 3, "map", narrow, one, dict(), None),
    ("groupdec.more", 2, "vector", [16, 16, 16, 16, 8, 4, 2, 2], [2] * 7, dict(), None),
]:
    doublings = dict(more=6, most=7).get(case.split(".")[-1], 5)
    count = classes * 2 if edges == "each" else classes + (edges == "last")
    form = dict(variant="deepfashion", classes=classes, planes=count, hidden=4) | form
    seg = planes(f"{case}/labels", 2, 1 << doublings, 2 << doublings, classes, edges)
    if start == "vector":
        first, z = nn.Linear(5, channels[0] * 2), numbers(f"{case}/z", (2, 5))
    elif start == "labels":
        first, z = conv(count, channels[0]), None
    else:
        first = conv(8 * classes, channels[0], groups=groups[0])
        z = images(f"{case}/z", 2, *size, 8 * classes)
        z = numbers(f"{case}/z", (2, 8 * classes)) if start == "codes" else z
    if form.get("spectral") == "all":
        first = nn.utils.spectral_norm(first)
    spare = (2, 1) if form["variant"] == "ade20k" or doublings == 7 else None
    network = Decoder(first, channels, groups, size, doublings, spare=spare, **form)
    call = (lambda: [network(None, seg)]) if z is None else (lambda z: [network(z, seg)])
    record(case, network, call, [] if z is None else [z])

# A network a class and three convolutions that fuse them.
seg = planes("mulnet/labels", 2, 64, 128, 3)
form = dict(variant="deepfashion", classes=1, planes=1, hidden=2)
network = MulNet([Decoder(conv(8, 16), narrow, one, size, 6, **form) for _ in range(3)], 5)
record("mulnet", network, lambda z: [network(z, seg)], [images("mulnet/z", 2, *size, 24)])

# Encoders: class 3 of 4 is absent in the first sample, and one class covers little.
image = images("encoder/image", 2, 32, 48)
ids = labels("encoder/labels", 2, 32, 48, 4)
ids[0][ids[0] == 3] = 1
one_hot = F.one_hot(ids, 4).permute(0, 3, 1, 2).double()
for case, prepare, options in [
    ("encoder.crop", lambda x: split(x, one_hot), dict()),
    ("encoder.plain", lambda x: split(x, one_hot, crops=False), dict()),
    ("encoder.whole", lambda x: x.repeat(1, 4, 1, 1), dict()),
    ("encoder.pooled", lambda x: split(x, one_hot), dict(head="pooled")),
    ("encoder.group", lambda x: split(x, one_hot), dict(norm="group")),
    ("encoder.all", lambda x: split(x, one_hot), dict(spectral="all")),
]:
    network = Encoder(12, 8, 32, 4, groups=4, **options)
    record(case, network, lambda x: network(prepare(x)), [image])
network = Encoder(3, 2, 6, 5, head="linear", side=2)


def resized(x):
    return F.interpolate(x, size=(64, 64), mode="bilinear", align_corners=False)


record("image-encoder", network, lambda x: network(resized(x)), [image])

# Discriminators.
for case, edges, form in [
    ("discriminator", None, dict()), ("discriminator.edges", "last", dict()),
    ("discriminator.all", None, dict(spectral="all", verdicts=4)),
]:
    seg = planes(f"{case}/labels", 2, 20, 28, 3, edges)
    network = Discriminator(seg.shape[1] + 3, 2, **form)
    record(
        case, network, lambda x: [y for scale in network(torch.cat([seg, x], 1)) for y in scale],
        [images(f"{case}/x", 2, 20, 28)])

save(pathlib.Path(__file__).with_suffix(".safetensors"))
