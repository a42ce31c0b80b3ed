"""Writes high_definition.safetensors: local enhancer, discriminator and feature encoder of pix2pixHD.

Run with torch, numpy and safetensors installed: python high_definition.py

Names of weights are the published ones; images are channels last.
"""

import torch
import torch.nn.functional as F
from semantic_cgan import File, MultiscaleD, enliven
from torch import nn


class ResnetBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels),
            nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3),
            nn.InstanceNorm2d(channels),
        )  # fmt: skip

    def forward(self, x):
        return x + self.conv_block(x)


def entry(inputs, width):
    return [nn.ReflectionPad2d(3), nn.Conv2d(inputs, width, 7), nn.InstanceNorm2d(width), nn.ReLU()]


def halving(width):
    return [nn.Conv2d(width, 2 * width, 3, 2, 1), nn.InstanceNorm2d(2 * width), nn.ReLU()]


def doubling(width):
    conv = nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1)
    return [conv, nn.InstanceNorm2d(width), nn.ReLU()]


def closing(width, outputs):
    return [nn.ReflectionPad2d(3), nn.Conv2d(width, outputs, 7), nn.Tanh()]


def trunk(inputs, width, halvings, blocks):
    layers = entry(inputs, width)
    for level in range(halvings):
        layers += halving(width << level)
    layers += [ResnetBlock(width << halvings) for _ in range(blocks)]
    for level in reversed(range(halvings)):
        layers += doubling(width << level)
    return layers


def reduced(x):
    return F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)


class LocalEnhancer(nn.Module):
    def __init__(self, inputs, outputs, width, enhancers, halvings, blocks, local_blocks):
        super().__init__()
        self.enhancers = enhancers
        self.model = nn.Sequential(*trunk(inputs, width << enhancers, halvings, blocks))
        for n in range(1, enhancers + 1):
            own = width << (enhancers - n)
            up = [ResnetBlock(2 * own) for _ in range(local_blocks)] + doubling(own)
            if n == enhancers:
                up += closing(width, outputs)
            setattr(self, f"model{n}_1", nn.Sequential(*entry(inputs, own), *halving(own)))
            setattr(self, f"model{n}_2", nn.Sequential(*up))

    def forward(self, x):
        inputs = [x]
        for _ in range(self.enhancers):
            inputs.append(reduced(inputs[-1]))
        y = self.model(inputs[-1])
        for n in range(1, self.enhancers + 1):
            down, up = getattr(self, f"model{n}_1"), getattr(self, f"model{n}_2")
            y = up(down(inputs[self.enhancers - n]) + y)
        return y


class FeatureEncoder(nn.Module):
    def __init__(self, inputs, outputs, width, halvings):
        super().__init__()
        layers = trunk(inputs, width, halvings, 0) + closing(width, outputs)
        self.model = nn.Sequential(*layers)

    def forward(self, x, instances):
        y = self.model(x)
        means = []
        for sample, labels in zip(y, instances):
            mean = torch.zeros_like(sample)
            for instance in labels.unique():
                inside = (labels == instance).float()
                average = (sample * inside).sum((1, 2)) / inside.sum()
                mean = mean + average[:, None, None] * inside
            means.append(mean)
        return torch.stack(means)


def compare(file, prefix, network, inputs, **more):
    """Outputs, and the gradients of their sum with fixed numbers."""
    enliven(network, 6)
    file.put_weights(prefix, network)
    for name, x in inputs.items():
        file.put_map(f"{prefix}/{name}", x)
        x.requires_grad_(True)
    x = torch.cat(list(inputs.values()), 1)
    y = network(x, **more)
    outputs = [y] if isinstance(y, torch.Tensor) else [z for scale in y for z in scale]
    total = 0
    for index, z in enumerate(outputs):
        file.put_map(f"{prefix}/output.{index}", z)
        cotangent = torch.randn_like(z)
        file.put_map(f"{prefix}/cotangent.{index}", cotangent)
        total = total + (z * cotangent).sum()
    total.backward()
    file.put_gradients(prefix, network)
    for name, x in inputs.items():
        file.put_map(f"{prefix}/gradient.{name}", x.grad)


torch.set_num_threads(1)
torch.manual_seed(23)
file = File()
size = (16, 32)
condition, edges = torch.rand(2, 3, *size), torch.rand(2, 1, *size)
features = torch.rand(2, 2, *size) * 2 - 1
network = LocalEnhancer(6, 3, width=1, enhancers=2, halvings=1, blocks=1, local_blocks=1)
inputs = {"condition": condition, "edges": edges, "features": features}
compare(file, "enhancer", network, inputs)

network = MultiscaleD(3 + 3, 1, 1, spectral=False, scales=2)
image = torch.rand(2, 3, *size) * 2 - 1
compare(file, "multiscale", network, {"condition": torch.rand(2, 3, *size), "image": image})

instances = torch.randint(0, 3, (2, 8, 16)).repeat_interleave(2, 1).repeat_interleave(2, 2) * 7
file.put("features/instances", instances)
network = FeatureEncoder(3, 2, width=2, halvings=2)
compare(file, "features", network, {"image": torch.rand(2, 3, *size)}, instances=instances)
file.save(__file__)
