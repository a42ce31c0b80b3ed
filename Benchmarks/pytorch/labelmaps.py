"""Training steps of three papers that translate label maps, as their authors' code takes them.

    python labelmaps.py create FOLDER --classes 8 --height 128 --width 128
    python labelmaps.py run groupdnet|spade|pix2pixhd --variant nchw|nhwc|compiled
    python labelmaps.py forward groupdnet --variant nchw|nhwc|compiled

`create` writes the pictures and label maps that the workbench trains on. `run` takes steps on numbers
of the same sizes, made up once: reading data is left to us. That both compute the same is tested step
by step elsewhere, from equal weights (Tests/SMISTests, Tests/SemanticCGANTests).
"""

import argparse
import os
import random
import struct
import sys
import zlib

import torch
from torch import nn
from torch.nn import functional as F

from serving import VARIANTS, serve_steps, settle

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Fixtures"))
from smis_networks import Decoder, Discriminator, Encoder, conv, split  # noqa: E402


def png(path, rows, channels):
    """Writes rows of bytes as an 8-bit picture."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), 8, 2 if channels == 3 else 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def create(arguments):
    """Pictures of noise with label maps of rectangles."""
    draw = random.Random(1)
    height, width = arguments.height, arguments.width
    for folder in ["images", "labels"]:
        os.makedirs(os.path.join(arguments.task, folder), exist_ok=True)
    for number in range(40):
        labels = [bytearray(width) for _ in range(height)]
        for _ in range(12):
            kind = draw.randrange(arguments.classes)
            top, left = draw.randrange(height), draw.randrange(width)
            bottom, right = draw.randint(top, height), draw.randint(left, width)
            for row in labels[top:bottom]:
                row[left:right] = bytes([kind]) * (right - left)
        png(os.path.join(arguments.task, f"labels/{number}.png"), labels, 1)
        rows = [draw.randbytes(3 * width) for _ in range(height)]
        png(os.path.join(arguments.task, f"images/{number}.png"), rows, 3)


class ResnetBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        layers = []
        for last in [nn.ReLU(True), nn.Identity()]:
            layers += [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), last]
        self.conv_block = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv_block(x)


def global_generator(inputs, width=64, halvings=4, blocks=9):
    def normed(layer, channels):
        return [layer, nn.InstanceNorm2d(channels), nn.ReLU(True)]

    layers = [nn.ReflectionPad2d(3), *normed(nn.Conv2d(inputs, width, 7), width)]
    for level in range(halvings):
        layers += normed(nn.Conv2d(width << level, width << level + 1, 3, 2, 1), width << level + 1)
    layers += [ResnetBlock(width << halvings) for _ in range(blocks)]
    for level in reversed(range(halvings)):
        up = nn.ConvTranspose2d(width << level + 1, width << level, 3, 2, 1, output_padding=1)
        layers += normed(up, width << level)
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())


class PatchScales(nn.Module):
    """Patches at two sizes, biases everywhere."""

    def __init__(self, inputs, width=64, scales=2):
        super().__init__()
        self.scales = nn.ModuleList(self.scale(inputs, width) for _ in range(scales))

    @staticmethod
    def scale(inputs, width):
        parts = [nn.Sequential(nn.Conv2d(inputs, width, 4, 2, 2), nn.LeakyReLU(0.2, True))]
        for level, stride in [(0, 2), (1, 2), (2, 1)]:
            before, after = width << level, width << level + 1
            parts.append(
                nn.Sequential(
                    nn.Conv2d(before, after, 4, stride, 2), nn.InstanceNorm2d(after), nn.LeakyReLU(0.2, True)))
        return nn.ModuleList(parts + [nn.Conv2d(width << 3, 1, 4, 1, 2)])

    def forward(self, x):
        outputs = []
        for scale in self.scales:
            if outputs:
                x = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
            outputs.append([])
            y = x
            for part in scale:
                y = part(y)
                outputs[-1].append(y)
        return outputs


class Task:
    """Networks, and how an image is made from them."""

    def __init__(self, name):
        form = {"variant": "deepfashion", "hidden": 128}
        if name == "groupdnet":
            self.batch, self.classes, self.size = 4, 8, (128, 128)
            channels = [640, 640, 640, 640, 320, 160, 80, 40]
            first = conv(64, 640, groups=8)
            self.generator = Decoder(
                first, channels, [8, 8, 4, 4, 2, 2, 1], (4, 4), 5, classes=8, planes=8, **form)
            self.encoder = Encoder(24, 64, 64, 5, groups=8)
            self.discriminator = Discriminator(11, 16)
        elif name == "spade":
            self.batch, self.classes, self.size = 2, 151, (128, 128)
            channels = [1024, 1024, 1024, 1024, 512, 256, 128, 64]
            self.generator = Decoder(
                conv(151, 1024), channels, [1] * 7, (4, 4), 5, classes=151, planes=151, **form)
            self.discriminator = Discriminator(154, 64)
        else:
            self.batch, self.classes, self.size = 1, 35, (128, 256)
            self.generator, self.discriminator = global_generator(35), PatchScales(38)
        self.name = name

    def networks(self):
        return [n for n in ["generator", "discriminator", "encoder"] if hasattr(self, n)]

    def made(self, real, planes):
        """Generated images and the divergence of their codes."""
        if self.name == "pix2pixhd":
            return self.generator(planes), 0
        if self.name == "spade":
            return self.generator(None, planes), 0
        mu, logvar = self.encoder(split(real, planes))
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return self.generator(z, planes), -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()


def judged(discriminator, planes, fake, real):
    """What the discriminator says of fake and real images in one batch, scale by scale."""
    count = len(fake)
    outputs = discriminator(torch.cat([torch.cat([planes, fake], 1), torch.cat([planes, real], 1)]))
    return [[[y[half] for y in scale] for scale in outputs] for half in [slice(count), slice(count, None)]]


def forward(arguments):
    """Passes through GroupDNet as published for DeepFashion: an image's codes, and the image they give."""
    layout = settle(arguments.variant, arguments.threads)
    channels = [2560, 2560, 2560, 2560, 1280, 640, 320, 160]
    form = {"variant": "deepfashion", "hidden": 128, "classes": 8, "planes": 8}
    generator = Decoder(conv(64, 2560, groups=8), channels, [8, 8, 4, 4, 2, 2, 1], (4, 4), 6, **form)
    encoder = Encoder(24, 256, 64, 6, groups=8)
    count = sum(p.numel() for n in [generator, encoder] for p in n.parameters())
    assert count == 109_160_163, count
    generator, encoder = (n.to(memory_format=layout).eval() for n in [generator, encoder])
    if arguments.variant == "compiled":
        generator, encoder = torch.compile(generator), torch.compile(encoder)
    rows = torch.arange(256) // 128
    planes = F.one_hot((2 * rows[:, None] + rows)[None], 8).permute(0, 3, 1, 2)
    planes = planes.float().contiguous(memory_format=layout)
    image = torch.randn(1, 3, 256, 256).tanh().contiguous(memory_format=layout)

    def step():
        with torch.inference_mode():
            mu, logvar = encoder(split(image, planes))
            z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
            return {"mean": generator(z, planes).abs().mean().item()}

    serve_steps(step)


def run(arguments):
    layout = settle(arguments.variant, arguments.threads)
    task = Task(arguments.task)
    for name in task.networks():
        network = getattr(task, name).to(memory_format=layout).train()
        setattr(task, name, torch.compile(network) if arguments.variant == "compiled" else network)
    shape = (task.batch, *task.size)
    planes = F.one_hot(torch.randint(task.classes, shape), task.classes).permute(0, 3, 1, 2)
    planes = planes.float().contiguous(memory_format=layout)
    real = (torch.rand(task.batch, 3, *task.size) * 2 - 1).contiguous(memory_format=layout)
    squares = task.name == "pix2pixhd"
    betas, rates = ((0.5, 0.999), (2e-4, 2e-4)) if squares else ((0.0, 0.9), (1e-4, 4e-4))
    made = [p for n in task.networks() if n != "discriminator" for p in getattr(task, n).parameters()]
    generator_adam = torch.optim.Adam(made, lr=rates[0], betas=betas, fused=True)
    discriminator_adam = torch.optim.Adam(
        task.discriminator.parameters(), lr=rates[1], betas=betas, fused=True)

    def wanted(verdict, value):
        return (verdict - value).square().mean() if squares else F.relu(1 - (2 * value - 1) * verdict).mean()

    def step():
        task.discriminator.requires_grad_(False)
        generator_adam.zero_grad()
        fake, divergence = task.made(real, planes)
        fakes, reals = judged(task.discriminator, planes, fake, real)
        gan = sum(wanted(s[-1], 1) if squares else -s[-1].mean() for s in fakes) / len(fakes)
        pairs = [(a, b) for s, t in zip(fakes, reals) for a, b in zip(s[:-1], t[:-1])]
        matching = sum((a - b.detach()).abs().mean() for a, b in pairs) / len(fakes)
        (gan + 10 * matching + 0.05 * divergence).backward()
        generator_adam.step()

        task.discriminator.requires_grad_(True)
        discriminator_adam.zero_grad()
        with torch.no_grad():
            fake, _ = task.made(real, planes)
        fakes, reals = judged(task.discriminator, planes, fake, real)
        verdict = sum(wanted(s[-1], 0) + wanted(t[-1], 1) for s, t in zip(fakes, reals)) / len(fakes)
        verdict.backward()
        discriminator_adam.step()
        return {"adversarial": gan.item(), "discriminator": verdict.item()}

    serve_steps(step)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["create", "run", "forward"])
    parser.add_argument("task", help="create: the folder; else groupdnet, spade or pix2pixhd")
    parser.add_argument("--classes", type=int, default=8)
    parser.add_argument("--height", type=int, default=128)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="nhwc", choices=VARIANTS)
    arguments = parser.parse_args()
    {"create": create, "run": run, "forward": forward}[arguments.command](arguments)


if __name__ == "__main__":
    main()
