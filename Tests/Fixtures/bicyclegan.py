"""Writes bicyclegan.safetensors: what BicycleGAN's networks and losses give, and every gradient.

Run with torch, numpy and safetensors installed: python bicyclegan.py

Weights and inputs are those of hashed.py; outputs and gradients are thinned.
"""

import pathlib

import torch
from hashed import images, labels, numbers
from recording import record, save
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


class Level(nn.Module):
    def __init__(self, before, inner, code, after, submodule=None, outermost=False):
        super().__init__()
        down = nn.Conv2d(before + code, inner, 4, 2, 1)
        if outermost:
            self.down = nn.Sequential(down)
        else:
            norm = [nn.InstanceNorm2d(inner)] if submodule else []
            self.down = nn.Sequential(nn.LeakyReLU(0.2), down, *norm)
        up = nn.ConvTranspose2d(inner * 2 if submodule else inner, after, 4, 2, 1)
        self.up = nn.Sequential(nn.ReLU(), up, nn.Tanh() if outermost else nn.InstanceNorm2d(after))
        if submodule:
            self.submodule = submodule
        self.outermost = outermost

    def forward(self, x, z):
        spread = z[:, :, None, None].expand(-1, -1, *x.shape[2:])
        y = self.down(torch.cat([x, spread], 1))
        if hasattr(self, "submodule"):
            y = self.submodule(y, z)
        y = self.up(y)
        return y if self.outermost else torch.cat([y, x], 1)


class Generator(nn.Module):
    def __init__(self, planes, code, width, levels):
        super().__init__()
        channels = [planes] + [width * min(1 << i, 8) for i in range(levels)]
        model = None
        for i in reversed(range(levels)):
            after = 3 if i == 0 else channels[i]
            model = Level(channels[i], channels[i + 1], code, after, model, i == 0)
        self.model = model

    def forward(self, x, z):
        return self.model(x, z)


class Block(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        pooled = nn.Sequential(nn.Conv2d(before, after, 3, 1, 1), nn.AvgPool2d(2))
        self.conv = nn.Sequential(
            nn.InstanceNorm2d(before), nn.LeakyReLU(0.2), nn.Conv2d(before, before, 3, 1, 1),
            nn.InstanceNorm2d(before), nn.LeakyReLU(0.2), pooled)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(before, after, 1))

    def forward(self, x):
        return self.conv(x) + self.shortcut(x)


class Encoder(nn.Module):
    def __init__(self, width, code, blocks):
        super().__init__()
        channels = [width * min(4, i + 1) for i in range(blocks + 1)]
        layers = [nn.Conv2d(3, width, 4, 2, 1)]
        layers += [Block(a, b) for a, b in zip(channels, channels[1:])]
        self.conv = nn.Sequential(*layers, nn.LeakyReLU(0.2), nn.AvgPool2d(8))
        self.fc = nn.Sequential(nn.Linear(channels[-1], code))
        self.fcVar = nn.Sequential(nn.Linear(channels[-1], code))

    def forward(self, x):
        y = self.conv(x).flatten(1)
        return [self.fc(y), self.fcVar(y)]


class Discriminator(nn.Module):
    def __init__(self, planes, width, verdicts=1):
        super().__init__()
        for i in range(2):
            w = width >> i
            layers = [nn.Conv2d(planes, w, 4, 2, 1), nn.LeakyReLU(0.2)]
            for a, b, stride in [(w, 2 * w, 2), (2 * w, 4 * w, 2), (4 * w, 8 * w, 1)]:
                layers += [nn.Conv2d(a, b, 4, stride, 1), nn.InstanceNorm2d(b), nn.LeakyReLU(0.2)]
            self.add_module(f"model_{i}", nn.Sequential(*layers, nn.Conv2d(8 * w, verdicts, 4, 1, 1)))

    def forward(self, x):
        small = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
        return [self.model_0(x), self.model_1(small)]


seg = F.one_hot(labels("unet/labels", 2, 32, 64, 3), 3).permute(0, 3, 1, 2).double()
generator = Generator(3, 4, 2, 5)
record("unet", generator, lambda z: [generator(seg, z)], [numbers("unet/z", (2, 4))])

encoder = Encoder(3, 4, 3)
record("resnet", encoder, encoder, [images("resnet/image", 2, 128, 128)])

for case, planes, verdicts in [
    ("multiscale", 3, 1), ("multiscale.conditional", 6, 1), ("multiscale.verdicts", 3, 4)
]:
    network = Discriminator(planes, 4, verdicts)
    seg = F.one_hot(labels(f"{case}/labels", 2, 48, 56, 3), 3).permute(0, 3, 1, 2).double()

    def judge(x):
        return network(torch.cat([seg, x], 1) if planes == 6 else x)

    record(case, network, judge, [images(f"{case}/image", 2, 48, 56)])


def diversity(first, second, bound=None, most=None):
    """`bound` is the paper's, on each ratio; `most` that of the code, on the loss."""
    ratio = (first - second.detach()).abs().mean((1, 2, 3)) / ((z1 - z2).abs().mean(1) + 1e-5)
    loss = -(ratio if bound is None else ratio.clamp(max=bound)).mean()
    return [(loss if most is None else loss.clamp(max=most))[None]]


z1, z2 = numbers("diversity/z1", (3, 4)), numbers("diversity/z2", (3, 4))
pair = [images("diversity/first", 3, 4, 4), images("diversity/second", 3, 4, 4)]
record("diversity", nn.Identity(), lambda a: diversity(a, pair[1]), pair[:1])
record("diversity.bound", nn.Identity(), lambda a: diversity(a, pair[1], 0.9), pair[:1])
for most in [-0.5, -2.0, 5.0]:
    case = f"diversity.loss.{most}"
    record(case, nn.Identity(), lambda a: diversity(a, pair[1], most=most), pair[:1])
record(
    "latent-l1", nn.Identity(), lambda mu: [(mu - z2).abs().mean()[None]], [z1])

save(pathlib.Path(__file__).with_suffix(".safetensors"))
