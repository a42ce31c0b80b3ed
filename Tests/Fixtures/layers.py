"""Writes layers.safetensors: values of PyTorch's layers that LayersTests compares with.

Run with torch, numpy and safetensors installed: python layers.py
Images are written channels last; weights keep PyTorch's layout.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(20)
tensors = {}


def last(x):
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def put(name, x, image=False):
    x = x.detach()
    tensors[name] = (last(x) if image else x).contiguous().clone()


def seeded(*shape):
    return torch.randn(*shape)


def randomize(module):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(seeded(*parameter.shape) * 0.5)


def record(name, module, x, parameters, second=False):
    """Output, cotangent, gradients; with `second` those of the squared input gradient."""
    x = x.clone().requires_grad_()
    y = module(x)
    c = seeded(*y.shape)
    put(f"{name}.x", x, True)
    put(f"{name}.y", y, True)
    put(f"{name}.c", c, True)
    leaves = [x] + [p for _, p in parameters]
    first = torch.autograd.grad((y * c).sum(), leaves, create_graph=second)
    put(f"{name}.dx", first[0], True)
    for (key, p), g in zip(parameters, first[1:]):
        put(f"{name}.{key}", p)
        put(f"{name}.d{key}", g)
    if second:
        penalty = (first[0] ** 2).sum()
        others = [p for k, p in parameters if k == "weight"]
        grads = torch.autograd.grad(penalty, [x] + others, allow_unused=True)
        if grads[0] is not None:
            put(f"{name}.ddx", grads[0], True)
        if others:
            put(f"{name}.ddweight", grads[1])


def plain(name, module, x, second=False):
    randomize(module)
    record(name, module, x, list(module.named_parameters()), second)


plain("linear", nn.Linear(5, 4), seeded(3, 5))
plain("linear3", nn.Linear(5, 4, bias=False), seeded(2, 3, 5))
for mode in ["zeros", "reflect", "replicate"]:
    conv = nn.Conv2d(3, 4, (3, 4), stride=(2, 1), padding=(2, 1), padding_mode=mode)
    plain(f"conv.{mode}", conv, seeded(2, 3, 6, 5), True)
plain("conv.grouped", nn.Conv2d(4, 6, 3, padding=2, dilation=2, groups=2), seeded(2, 4, 6, 5))
plain(
    "transposed",
    nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2),
    seeded(2, 4, 3, 4),
    True,
)
plain("instance", nn.InstanceNorm2d(3), seeded(2, 3, 3, 4), True)
plain("instance.affine", nn.InstanceNorm2d(3, affine=True), seeded(2, 3, 3, 4))
plain("group", nn.GroupNorm(2, 6), seeded(2, 6, 3, 2), True)
plain("group2", nn.GroupNorm(2, 6), seeded(4, 6))
plain("layer", nn.LayerNorm(6), seeded(3, 6), True)

# Batch norm: two training steps with statistics, then inference.
for name, module, shape in [
    ("batch", nn.BatchNorm2d(3), (2, 3, 3, 2)),
    ("batch2", nn.BatchNorm1d(3), (5, 3)),
    ("batch.plain", nn.BatchNorm2d(3, affine=False), (2, 3, 3, 2)),
]:
    randomize(module)
    module.train()
    parameters = list(module.named_parameters())
    for step in ["step0", "step1"]:
        record(f"{name}.{step}", module, seeded(*shape) * 2 + 1, parameters, True)
        put(f"{name}.{step}.mean", module.running_mean)
        put(f"{name}.{step}.variance", module.running_var)
    module.eval()
    record(f"{name}.eval", module, seeded(*shape), parameters)

# Spectral norm: three training calls, then inference.
for name, module, shape in [
    ("spectral.conv", nn.Conv2d(3, 4, 3, padding=1), (2, 3, 4, 4)),
    ("spectral.grouped", nn.Conv2d(4, 6, 3, padding=1, groups=2), (2, 4, 4, 4)),
    ("spectral.transposed", nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1), (2, 4, 3, 3)),
    ("spectral.linear", nn.Linear(5, 4), (3, 5)),
]:
    randomize(module)
    module = nn.utils.spectral_norm(module)
    put(f"{name}.u", module.weight_u)
    put(f"{name}.v", module.weight_v)
    parameters = [("weight", module.weight_orig), ("bias", module.bias)]
    module.train()
    for call in ["call0", "call1", "call2"]:
        record(f"{name}.{call}", module, seeded(*shape), parameters, True)
        put(f"{name}.{call}.u", module.weight_u)
        put(f"{name}.{call}.v", module.weight_v)
    module.eval()
    record(f"{name}.eval", module, seeded(*shape), parameters)

# Embedding, with one index used twice.
table = nn.Embedding(6, 3)
indices = torch.tensor([[0, 2, 5], [2, 1, 2]])
y = table(indices)
c = seeded(*y.shape)
(gradient,) = torch.autograd.grad((y * c).sum(), [table.weight])
put("embedding.weight", table.weight)
put("embedding.indices", indices.float())
put("embedding.y", y)
put("embedding.c", c)
put("embedding.dweight", gradient)

save_file(tensors, pathlib.Path(__file__).with_suffix(".safetensors"))
print(len(tensors), "tensors,", sum(t.numel() * 4 for t in tensors.values()), "bytes")
