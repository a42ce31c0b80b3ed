"""Reference values for normalisations told by a map or a condition, computed by PyTorch in double precision.

Writes modulation.safetensors beside this file: for each case weights by path, the inputs `x` and `c` (a map,
or a condition with its mask `m`), `y`, a weight `r`, gradients `g/…` of L = Σ r·y²/2 and `p/…` of P = ‖∂L/∂x‖², and the
running statistics after the call. Images are channels last.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(11)
torch.set_num_threads(1)
arrays = {}


def numbers(*shape):
    return torch.randn(shape, dtype=torch.float64).float().double()


def first(x):
    return x.permute(0, 3, 1, 2)


def record(name, module, inputs, function, buffers):
    """`module` maps paths to parameters; gradients are taken at all of them and at the inputs."""
    for parameter in module.values():
        parameter.data = numbers(*parameter.shape) * 0.5
    inputs = {k: v.clone().requires_grad_() for k, v in inputs.items()}
    y = function(**{k: first(v) if v.dim() == 4 else v for k, v in inputs.items()}).permute(0, 2, 3, 1)
    r = numbers(*y.shape)
    leaves = inputs | module
    grads = torch.autograd.grad((r * y * y).sum() / 2, list(leaves.values()), create_graph=True)
    second = torch.autograd.grad((grads[0] ** 2).sum(), list(leaves.values()), materialize_grads=True)
    values = dict(leaves) | {"y": y, "r": r} | buffers()
    values |= {f"g/{k}": g for k, g in zip(leaves, grads)} | {f"p/{k}": g for k, g in zip(leaves, second)}
    for key, value in values.items():
        arrays[f"{name}/{key}"] = value.detach().float().contiguous()


def spatial(name, channels, labels, hidden, groups, shared_groups, norm, kernel=3):
    shared = nn.Conv2d(labels, hidden, kernel, padding=kernel // 2, groups=shared_groups).double()
    scale = nn.Conv2d(hidden, channels, kernel, padding=kernel // 2, groups=groups).double()
    shift = nn.Conv2d(hidden, channels, kernel, padding=kernel // 2, groups=groups).double()
    norm = norm.double()

    def function(x, c):
        h = F.relu(shared(F.interpolate(c, x.shape[2:], mode="nearest")))
        return norm(x) * (1 + scale(h)) + shift(h)

    parts = dict(shared=shared, scale=scale, shift=shift)
    module = {f"{p}.{k}": v for p, m in parts.items() for k, v in m.named_parameters()}
    running = lambda: {"mean": norm.running_mean, "variance": norm.running_var} if norm.track_running_stats else {}
    record(name, module, dict(x=numbers(2, 3, 5, channels), c=numbers(2, 7, 4, labels)), function, running)


spatial("spatial", 5, 3, 6, 1, 1, nn.BatchNorm2d(5, affine=False))
spatial("spatial grouped", 6, 4, 8, 2, 4, nn.BatchNorm2d(6, affine=False))
spatial("spatial instance", 4, 3, 6, 1, 1, nn.InstanceNorm2d(4), kernel=1)


def conditional(name, hidden):
    bn = nn.BatchNorm2d(5, affine=False).double()
    widths = [3] + ([hidden] if hidden else []) + [5]
    maps = {n: [nn.Linear(a, b).double() for a, b in zip(widths, widths[1:])] for n in ("scale", "shift")}

    def told(linears, c):
        for index, linear in enumerate(linears):
            c = linear(F.relu(c) if index else c)
        return c[:, :, None, None]

    def function(x, c, m=1):
        return bn(x) * (1 + m * told(maps["scale"], c)) + m * told(maps["shift"], c)

    module = {
        f"{n}.{i}.{k}": v for n, ls in maps.items() for i, l in enumerate(ls) for k, v in l.named_parameters()}
    inputs = dict(x=numbers(3, 2, 3, 5), c=numbers(3, 3))
    if hidden:
        inputs["m"] = numbers(3, 2, 3, 1)
    record(name, module, inputs, function, lambda: {"mean": bn.running_mean, "variance": bn.running_var})


conditional("conditional", None)
conditional("conditional masked", 4)

norm = nn.InstanceNorm2d(3, affine=True, track_running_stats=True).double()
tracked = {"weight": norm.weight, "bias": norm.bias}
running = lambda: {"mean": norm.running_mean, "variance": norm.running_var}
record("tracked", tracked, dict(x=numbers(2, 3, 4, 3)), lambda x: norm(x), running)
norm.eval()
record("tracked inference", tracked, dict(x=numbers(2, 3, 4, 3)), lambda x: norm(x), running)

save_file(arrays, pathlib.Path(__file__).with_suffix(".safetensors"))
