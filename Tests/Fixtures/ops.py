"""Reference values for every op but convolutions, computed by PyTorch in double precision.

Writes ops.safetensors beside this file: for each case the inputs `0`, `1`, … at which it is differentiated, the
constants `k0`, `k1`, …, the result `y`, a weight `r`, the gradients `g0`, … of L = Σ r·y³/3 and the gradients `p0`, …
of P = Σ ‖∂L/∂input‖², by differentiating twice. Images are channels last throughout.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(7)
torch.set_num_threads(1)
arrays = {}


def numbers(*shape, low=-1.0, high=1.0):
    return (torch.rand(shape, dtype=torch.float64) * (high - low) + low).float().double()


def case(name, function, *inputs, constants=()):
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = function(*inputs, *constants)
    r = numbers(*y.shape)
    first = torch.autograd.grad(
        (r * y**3).sum() / 3, inputs, create_graph=True, allow_unused=True, materialize_grads=True)
    penalty = sum((g * g).sum() for g in first)
    second = torch.autograd.grad(penalty, inputs, allow_unused=True, materialize_grads=True)
    values = {f"{i}": x for i, x in enumerate(inputs)} | {f"k{i}": x for i, x in enumerate(constants)}
    values |= {f"g{i}": x for i, x in enumerate(first)} | {f"p{i}": x for i, x in enumerate(second)}
    for key, value in (values | {"y": y, "r": r}).items():
        arrays[f"{name}/{key}"] = value.detach().float().contiguous()


def images(function):
    """A function of images [N, C, H, W] as one of images [N, H, W, C]."""
    return lambda x, *rest: function(x.permute(0, 3, 1, 2), *rest).permute(0, 2, 3, 1)


# Element by element.
odd = (3, 1, 5)
for name in ["exp", "sin", "cos", "tanh", "sigmoid", "square", "neg"]:
    case(name, getattr(torch, name), numbers(*odd, low=-2, high=2))
for name in ["log", "sqrt", "rsqrt", "reciprocal"]:
    case(name, getattr(torch, name), numbers(*odd, low=0.5, high=3))
apart = torch.tensor([-2.7, -1.3, -0.6, 0.4, 0.9, 1.7, 2.2]).double()
case("abs", torch.abs, apart)
case("relu", torch.relu, apart)
case("leakyRelu", lambda x: F.leaky_relu(x, 0.2), apart)
case("clamp", lambda x: x.clamp(-1, 1.5), apart)
case("softplus", F.softplus, apart * 4)
case("power", lambda x: x ** 1.7, numbers(*odd, low=0.5, high=3))
case("cube", lambda x: x ** 3, apart)
for name, function in dict(
    add=torch.add, subtract=torch.sub, multiply=torch.mul, divide=torch.div, maximum=torch.maximum,
    minimum=torch.minimum).items():
    low = 0.5 if name == "divide" else -1
    case(name, function, numbers(3, 1, 5), numbers(4, 1, low=low, high=2))
    case(name + " scalar", function, numbers(2, 3), numbers(1, low=low, high=2)[0])
case("where", lambda a, b, m: torch.where(m > 0, a, b), numbers(3, 1, 5), numbers(4, 1),
     constants=[(numbers(4, 5) > 0).double()])
case("glu", lambda x: F.glu(x, -1), numbers(3, 2, 6))
case("glu inside", lambda x: F.glu(x, 1), numbers(3, 4, 1))

# Reductions and scans.
for name, axes in dict(all=(0, 1, 2), last=(2,), middle=(1,), outer=(0, 2)).items():
    x = numbers(3, 5, 7)
    case(f"sum {name}", lambda x: x.sum(axes), x)
    case(f"mean {name}", lambda x: x.mean(axes), x)
    case(f"variance {name}", lambda x: x.var(axes, correction=0), x)
    case(f"max {name}", lambda x: x.amax(axes), x)
    case(f"min {name}", lambda x: x.amin(axes), x)
    case(f"norm {name}", lambda x: x.pow(2).sum(axes).sqrt(), x)
for name, shape, axis in [("last", (3, 7), 1), ("first", (5, 3), 0), ("middle", (2, 5, 3), 1), ("one", (3, 1), 1)]:
    x = numbers(*shape, low=-3, high=3)
    case(f"softmax {name}", lambda x: x.softmax(axis), x)
    case(f"logSoftmax {name}", lambda x: x.log_softmax(axis), x)
    case(f"logSumExp {name}", lambda x: x.logsumexp(axis), x)
    case(f"cumulativeSum {name}", lambda x: x.cumsum(axis), x)
mask = torch.tensor([[1, 1, 0, 1], [0, 0, 1, 0], [1, 1, 1, 1]]).double()
case("masked softmax", lambda x, m: x.masked_fill(m[:, None] == 0, -torch.inf).softmax(-1),
     numbers(3, 2, 4, low=-3, high=3), constants=[mask])

# Movements.
x = numbers(3, 4, 5)
case("reshaped", lambda x: x.reshape(6, 10), x)
case("permuted", lambda x: x.permute(2, 0, 1), x)
case("sliced", lambda x: x[:, 1:3], x)
case("overlapping slices", lambda x: x[:, :3] * x[:, 1:] + x[:, 1:, :].exp(), x)
case("slices across", lambda x: x[1:, :, 2:].sum() * x[:2, :, :3] + x[:, :1].mean(), x)
case("flipped", lambda x: x.flip(1), x)
case("broadcast", lambda x: x.expand(4, 3, 5), numbers(3, 1))
case("repeated", lambda x: x.repeat(1, 2, 1), x)
case("concatenated", lambda a, b: torch.cat([a, b], 1), x, numbers(3, 1, 5))
case("stacked", lambda a, b: torch.stack([a, b], 1), numbers(3, 5), numbers(3, 5))
case("zero padding", lambda x: F.pad(x, (1, 0, 2, 3)), x)
for mode in ["reflect", "replicate"]:
    case(f"{mode} padding", lambda x: F.pad(x, (1, 2, 0, 3), mode=mode), x[None])
rows = torch.tensor([[4, 0, 4], [2, 2, 1]]).double()
case("gathered", lambda x, i: x[i.long()], numbers(5, 3), constants=[rows])
case("scatterAdded", lambda x, i: x.new_zeros(5, 3).index_add(0, i.long().flatten(), x.reshape(6, 3)),
     numbers(2, 3, 3), constants=[rows])

# Products.
case("matmul", torch.matmul, numbers(3, 5), numbers(5, 7))
case("matmul one", torch.matmul, numbers(1, 1), numbers(1, 1))
case("matmul batch", torch.matmul, numbers(3, 5, 2), numbers(3, 2, 3))
case("matmul turned", lambda a, b: a.mT @ b.mT, numbers(3, 2, 5), numbers(3, 3, 2))
case("matmul rows", torch.matmul, numbers(2, 3, 5), numbers(5, 3))
case("matmul stretched", torch.matmul, numbers(2, 1, 3, 5), numbers(3, 5, 2))
case("matmul left", torch.matmul, numbers(4, 5), numbers(3, 5, 2))
case("attention", lambda q, k, v, m: (q @ k.mT * 0.5).masked_fill(m[:, None] == 0, -torch.inf).softmax(-1) @ v,
     numbers(3, 5, 2), numbers(3, 4, 2), numbers(3, 4, 3), constants=[mask])

# Resizing; the rest is in resampling.py.
for name, size in [("up", (7, 5)), ("down", (2, 3)), ("to one", (1, 1))]:
    for corners in (True, False):
        case(f"bicubic {name} {'corners' if corners else 'edges'}", images(
            lambda x: F.interpolate(x, size, mode="bicubic", align_corners=corners)), numbers(2, 4, 3, 3))
    case(f"area {name}", images(lambda x: F.interpolate(x, size, mode="area")), numbers(2, 5, 4, 3))
case("bicubic from one", images(lambda x: F.interpolate(x, (2, 3), mode="bicubic")), numbers(1, 1, 1, 2))


# Sampling. PyTorch differentiates its own function once only, so the second order comes from this one, which
# must agree with it.
def sample(x, grid, mode, border, corners):
    n, h, w, c = x.shape
    sizes = torch.tensor([w, h]).double()
    at = (grid + 1) / 2 * (sizes - 1) if corners else ((grid + 1) * sizes - 1) / 2
    if mode == "nearest":
        at = at.round()
    if border == "border":
        at = torch.stack([at[..., 0].clamp(0, w - 1), at[..., 1].clamp(0, h - 1)], -1)
    low = at.detach().floor()
    y = 0
    for dy in (0, 1):
        for dx in (0, 1):
            px, py = low[..., 0] + dx, low[..., 1] + dy
            inside = (px >= 0) & (px < w) & (py >= 0) & (py < h)
            value = x[torch.arange(n)[:, None, None], py.clamp(0, h - 1).long(), px.clamp(0, w - 1).long()]
            weight = (1 - (at[..., 0] - px).abs()) * (1 - (at[..., 1] - py).abs()) * inside
            y = y + weight[..., None] * value
    return y


for mode in ("bilinear", "nearest"):
    for border in ("zeros", "border"):
        for corners in (True, False):
            name = f"{mode} {border} {'corners' if corners else 'edges'}"
            x, grid = numbers(2, 4, 3, 2), numbers(2, 3, 5, 2, low=-1.5, high=1.5)
            theirs = F.grid_sample(
                x.permute(0, 3, 1, 2), grid, mode=mode, padding_mode=border, align_corners=corners)
            ours = sample(x, grid, mode, border, corners)
            assert (theirs.permute(0, 2, 3, 1) - ours).abs().max() < 1e-12, name
            case(name, lambda x, g: sample(x, g, mode, border, corners), x, grid)
for corners in (True, False):
    tag = "corners" if corners else "edges"
    case(f"affineGrid {tag}", lambda m: F.affine_grid(m, (2, 1, 3, 4), corners), numbers(2, 2, 3))
    case(f"affineGrid one {tag}", lambda m: F.affine_grid(m, (1, 1, 1, 1), corners), numbers(1, 2, 3))

# Losses.
scores, classes = numbers(3, 2, 5, low=-3, high=3), torch.tensor([[0, 4], [255, 2], [2, 1]]).double()
weights = numbers(5, low=0.5, high=2)
few = torch.tensor([[0, 4], [1, 2], [2, 1]]).double()


def entropy(weight=None, **settings):
    return lambda s, k: F.cross_entropy(s.permute(0, 2, 1), k.long(), weight=weight, **settings)


case("crossEntropy", entropy(), scores, constants=[few])
case("crossEntropy sum", entropy(reduction="sum"), scores, constants=[few])
case("crossEntropy none", entropy(reduction="none"), scores, constants=[few])
case("crossEntropy ignored", entropy(ignore_index=255), scores, constants=[classes])
case("crossEntropy ignored inside", entropy(ignore_index=2), scores, constants=[few])
case("crossEntropy weighted", lambda s, k, w: entropy(w, ignore_index=255)(s, k), scores,
     constants=[classes, weights])
targets = numbers(3, 1, low=0, high=1)
bce = F.binary_cross_entropy_with_logits
case("logits", lambda x, t: bce(x, t.expand(3, 5)), numbers(3, 5, low=-4, high=4), targets)
case("logits sum", lambda x, t: bce(x, t.expand(3, 5), reduction="sum"), numbers(3, 5, low=-4, high=4), targets)
case("probabilities", lambda x, t: F.binary_cross_entropy(x, t.expand(3, 5), reduction="none"),
     numbers(3, 5, low=0.1, high=0.9), constants=[targets])

save_file(arrays, pathlib.Path(__file__).with_suffix(".safetensors"))
