"""Writes smis_step.safetensors: one optimisation step of GroupDNet, G and E first, then D.

Run with torch, numpy and safetensors installed: python smis_step.py

Weights, images, labels and both draws of noise are those of hashed.py. Of each parameter the square
of the gradient is recorded and what the step changed; where the gradient is so small that rounding
decides its sign, the change is NaN.
"""

import pathlib

import torch
from hashed import fill, images, labels, last, numbers, thinned
from safetensors.torch import save_file
from smis_networks import Decoder, Discriminator, Encoder, conv, split
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
classes, side = 4, 64
form = dict(variant="deepfashion", classes=classes, planes=classes, hidden=4)
generator = Decoder(
    conv(8 * classes, 16, groups=classes), [16, 16, 16, 16, 8, 4, 2, 1], [4, 4, 2, 2, 1, 1, 1],
    (2, 2), 5, **form)
encoder = Encoder(3 * classes, 2 * classes, 8 * classes, 5, groups=classes)
discriminator = Discriminator(classes + 3, 2)
# The first three convolutions of VGG-19, features after relu1_1 and relu2_1.
seen = nn.Sequential(
    conv(3, 64), nn.ReLU(), conv(64, 64), nn.ReLU(), nn.MaxPool2d(2), conv(64, 128), nn.ReLU())
fill("P.features", seen)
seen.requires_grad_(False)
networks = {"G": generator, "E": encoder, "D": discriminator}
for prefix, network in networks.items():
    fill(prefix, network)
    network.train()

real = images("image", 2, side, side)
one_hot = F.one_hot(labels("labels", 2, side, side, classes, 8), classes).permute(0, 3, 1, 2).float()


def generate(draw):
    mu, logvar = encoder(split(real, one_hot))
    noise = images(draw, 2, 2, 2, 8 * classes)
    return generator(mu + noise * torch.exp(0.5 * logvar), one_hot), mu, logvar


def judge(fake):
    pairs = torch.cat([torch.cat([one_hot, fake], 1), torch.cat([one_hot, real], 1)])
    outputs = discriminator(pairs)
    return [[y[:2] for y in s] for s in outputs], [[y[2:] for y in s] for s in outputs]


both = list(generator.parameters()) + list(encoder.parameters())
adam = torch.optim.Adam(both, lr=1e-4, betas=(0.0, 0.9))
adam_d = torch.optim.Adam(discriminator.parameters(), lr=4e-4, betas=(0.0, 0.9))
before = {
    f"{prefix}.{name}": p.detach().clone()
    for prefix, network in networks.items() for name, p in network.named_parameters()}

fake, mu, logvar = generate("noise.0")
fakes, reals = judge(fake)
gan = sum(-s[-1].mean() for s in fakes) / 2
matching = sum(
    (a - b.detach()).abs().mean() for s, t in zip(fakes, reals) for a, b in zip(s[:4], t[:4])) / 2
perceptual = sum(
    weight * (a - b).abs().mean()
    for weight, a, b in [
        (1 / 32, seen[:2](fake), seen[:2](real)), (1 / 16, seen(fake), seen(real))])
kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()
adam.zero_grad()
(gan + 10 * matching + 10 * perceptual + 0.05 * kl).backward()
adam.step()
gradients = {
    f"{prefix}.{name}": p.grad.clone()
    for prefix in "GE" for name, p in networks[prefix].named_parameters()}

with torch.no_grad():
    fake, _, _ = generate("noise.1")
fakes, reals = judge(fake)
verdict = sum(
    F.relu(1 + s[-1]).mean() + F.relu(1 - t[-1]).mean() for s, t in zip(fakes, reals)) / 2
adam_d.zero_grad()
verdict.backward()
adam_d.step()
gradients |= {f"D.{name}": p.grad.clone() for name, p in discriminator.named_parameters()}


tensors = {"losses": torch.stack([gan, matching, perceptual, kl, verdict]).detach()}
for prefix, network in networks.items():
    squares, changes, buffers = [], [], []
    for name in sorted(dict(network.named_parameters())):
        key = f"{prefix}.{name}"
        gradient = gradients[key]
        change = dict(network.named_parameters())[name].detach() - before[key]
        change[gradient.abs() < max(1e-2 * gradient.abs().max(), 1e-5)] = float("nan")
        squares.append(thinned(gradient.square(), 30))
        changes.append(thinned(change, 30)[1:])
    for name, buffer in sorted(dict(network.named_buffers()).items()):
        if "num_batches" not in name:
            buffers.append(thinned(buffer, 20))
    tensors[f"{prefix}/squares"] = torch.cat(squares)
    tensors[f"{prefix}/changes"] = torch.cat(changes)
    tensors[f"{prefix}/buffers"] = torch.cat(buffers)

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file({k: v.float().contiguous() for k, v in tensors.items()}, path)
path.chmod(0o644)
print(len(tensors), "tensors,", path.stat().st_size, "bytes", tensors["losses"])
print({k: float(v.abs().max()) for k, v in gradients.items() if v.abs().max() < 1e-3})
