"""Writes essentials.safetensors: what PyTorch 2.13 computes for the components of Essentials.

Images are stored channels last, [N, H, W, C]. Run: python3 Tests/Fixtures/essentials.py
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(7)
out = {}


def last(x):
    return x.detach().permute(0, 2, 3, 1).contiguous()


def put(name, value):
    out[name] = value.detach().clone().contiguous().float()


# Verdict maps of two scales.
real = [torch.randn(2, 5, 5, 1) * 2, torch.randn(2, 3, 3, 1) * 2]
fake = [torch.randn(2, 5, 5, 1) * 2, torch.randn(2, 3, 3, 1) * 2]
for i in range(2):
    put(f"real.{i}", real[i])
    put(f"fake.{i}", fake[i])

bce = F.binary_cross_entropy_with_logits


def entropy(x, t):
    return bce(x, torch.full_like(x, t))


games = {
    "hinge": (lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(), lambda f: -f.mean()),
    "hinge-margin": (
        lambda r, f: 0.5 * (F.relu(0.3 - r).mean() + F.relu(0.3 + f).mean()),
        lambda f: -f.mean(),
    ),
    "bce": (lambda r, f: entropy(r, 1.0) + entropy(f, 0.0), lambda f: entropy(f, 1.0)),
    "bce-smooth": (
        lambda r, f: 0.5 * (entropy(r, 0.9) + entropy(f, 0.1)),
        lambda f: -entropy(f, 0.0),
    ),
    "least-squares": (
        lambda r, f: ((r - 1) ** 2).mean() + (f**2).mean(),
        lambda f: ((f - 1) ** 2).mean(),
    ),
    "least-squares-coded": (
        lambda r, f: 0.5 * (((r - 0.8) ** 2).mean() + ((f + 1) ** 2).mean()),
        lambda f: (f**2).mean(),
    ),
    "wasserstein": (lambda r, f: 0.5 * (f.mean() - r.mean()), lambda f: -f.mean()),
}
for name, (discriminator, generator) in games.items():
    r = [x.clone().requires_grad_() for x in real]
    f = [x.clone().requires_grad_() for x in fake]
    d = sum(discriminator(a, b) for a, b in zip(r, f)) / 2
    d.backward()
    put(f"{name}.d", d)
    for i in range(2):
        put(f"{name}.d.real.{i}", r[i].grad)
        put(f"{name}.d.fake.{i}", f[i].grad)
        f[i].grad = None
    g = sum(generator(b) for b in f) / 2
    g.backward()
    put(f"{name}.g", g)
    for i in range(2):
        put(f"{name}.g.fake.{i}", f[i].grad)

# Optimizers: five steps with given gradients; a tiny one shows where epsilon stands.
start = torch.randn(6)
slopes = [torch.randn(6) * 10.0**-k for k in (0, 1, 2, 4, 0)]
put("step.start", start)
put("step.gradients", torch.stack(slopes))
optimizers = {
    "adam": lambda p: torch.optim.Adam(p, lr=2e-4, betas=(0.5, 0.999)),
    "adam-epsilon": lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.0, 0.9), eps=1e-2),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
}
for name, make in optimizers.items():
    p = start.clone().requires_grad_()
    optimizer = make([p])
    path = []
    for slope in slopes:
        p.grad = slope.clone()
        optimizer.step()
        path.append(p.detach().clone())
    put(f"{name}.path", torch.stack(path))

# Kullback-Leibler divergence.
mean = torch.randn(3, 2, 2, 4).requires_grad_()
log_variance = torch.randn(3, 2, 2, 4).requires_grad_()
kl = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
kl.backward()
put("kl.mean", mean)
put("kl.logVariance", log_variance)
put("kl.value", kl)
put("kl.d.mean", mean.grad)
put("kl.d.logVariance", log_variance.grad)

# Feature matching: two scales of three layers.
shapes = [(2, 6, 6, 4), (2, 3, 3, 8), (2, 3, 3, 1), (2, 3, 3, 4), (2, 2, 2, 8), (2, 2, 2, 1)]
seen_real = [torch.randn(s) for s in shapes]
seen_fake = [torch.randn(s).requires_grad_() for s in shapes]
for i in range(6):
    put(f"features.real.{i}", seen_real[i])
    put(f"features.fake.{i}", seen_fake[i])


def matching(layers, layer_mean, scale_sum):
    scales = []
    for first in (0, 3):
        terms = [
            F.l1_loss(seen_fake[j], seen_real[j].detach()) for j in range(first, first + layers)
        ]
        scales.append(sum(terms) / (len(terms) if layer_mean else 1))
    return sum(scales) / (1 if scale_sum else 2)


put("matching.all", matching(3, False, False))
put("matching.all.sum", matching(3, False, True))
put("matching.butLast.mean", matching(2, True, False))
value = matching(2, False, False)
value.backward()
put("matching.butLast", value)
put("matching.butLast.d.0", seen_fake[0].grad)
put("matching.butLast.d.4", seen_fake[4].grad)

# Pixel losses and metrics.
generated = (torch.randn(3, 3, 6, 4) * 0.6).requires_grad_()
target = torch.rand(3, 3, 6, 4) * 2 - 1
put("pixels.generated", last(generated))
put("pixels.target", last(target))
l1 = (generated - target).abs().mean()
put("l1.value", l1)
put("l1.d", last(torch.autograd.grad(l1, generated)[0]))
l2 = F.mse_loss(generated, target)
put("l2.value", l2)
put("l2.d", last(torch.autograd.grad(l2, generated)[0]))
flat = generated.detach().clone()
flat[:, :, 1:4, :2] = flat[:, :, 1:2, :1]  # where nothing differs
flat.requires_grad_()
slopes = [flat[:, :, 1:, :-1] - flat[:, :, :-1, :-1], flat[:, :, :-1, 1:] - flat[:, :, :-1, :-1]]
put("variation.generated", last(flat))
for exponent in (1.25, 1.0):
    variation = (slopes[0] ** 2 + slopes[1] ** 2).pow(exponent).sum()
    put(f"variation.{exponent}", variation)
    put(f"variation.{exponent}.d", last(torch.autograd.grad(variation, flat, retain_graph=True)[0]))
a, b = ((x.clamp(-1, 1) + 1) * 127.5 for x in (generated, target))
put("psnr.value", (10 * torch.log10(255**2 / ((a - b) ** 2).mean(dim=(1, 2, 3)))).mean())

# Views and adapters.
image = torch.randn(2, 3, 9, 6)
put("image", last(image))
half = F.avg_pool2d(image, 3, stride=2, padding=1, count_include_pad=False)
put("pyramid.average3.1", last(half))
quarter = F.avg_pool2d(half, 3, stride=2, padding=1, count_include_pad=False)
put("pyramid.average3.2", last(quarter))
put("pyramid.average2.1", last(F.avg_pool2d(image, 2)))
labels = torch.randint(0, 5, (2, 9, 6)).float()
put("labels", labels)
put("labels.5x3", F.interpolate(labels[:, None], (5, 3), mode="nearest")[:, 0])
put("labels.4x3", F.interpolate(labels[:, None], (4, 3), mode="nearest")[:, 0])
put("planes", F.one_hot(labels.long(), 5).float())
for height, width in ((5, 3), (3, 6), (18, 12), (7, 11)):
    resized = F.interpolate(image, (height, width), mode="bilinear", antialias=True)
    put(f"image.{height}x{width}", last(resized))
mask = (torch.rand(2, 1, 3, 2) > 0.5).float()
put("mask", last(mask))
put("foreground", last(image * F.interpolate(mask, (9, 6), mode="nearest")))
m = F.interpolate(mask, (9, 6), mode="nearest")
put("foreground.white", last(image * m + (1 - m)))

# Gradient penalty: verdicts tanh(conv(x)) of two scales; derivative with respect to the weights.
weight = (torch.randn(2, 3, 3, 3) * 0.3).requires_grad_()
photo = torch.randn(2, 3, 5, 5).requires_grad_()
verdict = torch.tanh(F.conv2d(photo, weight))
coarse = torch.tanh(F.conv2d(photo, weight, stride=2))
(slope,) = torch.autograd.grad(verdict.sum() + coarse.sum(), photo, create_graph=True)
penalty = 0.5 * 10 * slope.pow(2).sum(dim=(1, 2, 3)).mean()
put("r1.photo", last(photo))
put("r1.weight", weight)
put("r1.value", penalty)
put("r1.d.weight", torch.autograd.grad(penalty, weight)[0])

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file(dict(sorted(out.items())), path)
print(path, path.stat().st_size)
