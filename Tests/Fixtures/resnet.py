"""Writes resnet.safetensors: small residual generators, their outputs and every gradient.

Run with torch and safetensors installed: python resnet.py

Four variants: batch norm with dropout off and transposed convolutions, instance norm, doubling by
repetition, and a code that joins at the low resolution. Names of weights are the published ones, after the variant's. Images are channels last.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(31)
tensors = {}


def put(name, x):
    tensors[name] = x.detach().float().contiguous().clone()


class Block(nn.Module):
    def __init__(self, channels, norm, bias):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=bias), norm(channels),
            nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3, bias=bias),
            norm(channels),
        )

    def forward(self, x):
        return x + self.conv_block(x)


class ResNet(nn.Module):
    def __init__(self, inputs, width, halvings, blocks, norm, bias, nearest=False):
        super().__init__()
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(inputs, width, 7, bias=bias), norm(width)]
        layers += [nn.ReLU()]
        for level in range(halvings):
            before, after = width << level, width << level + 1
            layers += [nn.Conv2d(before, after, 3, 2, 1, bias=bias), norm(after), nn.ReLU()]
        layers += [Block(width << halvings, norm, bias) for _ in range(blocks)]
        for level in reversed(range(halvings)):
            before, after = width << level + 1, width << level
            if nearest:
                up = nn.Sequential()
                up.add_module("resize", nn.Upsample(scale_factor=2))
                up.add_module("conv", nn.Conv2d(before, after, 3, 1, 1, bias=bias))
            else:
                up = nn.ConvTranspose2d(before, after, 3, 2, 1, 1, bias=bias)
            layers += [up, norm(after), nn.ReLU()]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh()]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class CodedResNet(nn.Module):
    """The generator of DSCGAN: a code is fused at the low resolution instead of the first block."""

    def __init__(self, inputs, width, halvings, blocks, code):
        super().__init__()
        whole = ResNet(inputs, width, halvings, blocks - 1, instance, bias=True).model
        entry = 4 + 3 * halvings
        inner = width << halvings
        self.pre_model = nn.Sequential(*list(whole)[:entry])
        self.after_model = nn.Sequential(*list(whole)[entry:])
        self.fuse_z_layer = nn.Sequential(
            nn.Conv2d(inner + code, inner, 3, 1, 1), instance(inner), nn.ReLU())

    def forward(self, x, z):
        y = self.pre_model(x)
        spread = z[:, :, None, None].expand(-1, -1, *y.shape[2:])
        return self.after_model(self.fuse_z_layer(torch.cat([y, spread], 1)))


def instance(channels):
    return nn.InstanceNorm2d(channels)


def write(variant, network, x, cotangent, *code):
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.2)
    names = {name: name.replace(".conv.", ".") for name, _ in network.named_parameters()}
    for name, parameter in network.named_parameters():
        put(f"{variant}.{names[name]}", parameter)
    given = x.clone().requires_grad_()
    y = network(given, *code)
    put(f"{variant}/y", y.permute(0, 2, 3, 1))
    y.backward(cotangent)
    put(f"{variant}/dx", given.grad.permute(0, 2, 3, 1))
    for name, parameter in network.named_parameters():
        put(f"{variant}/gradient.{names[name]}", parameter.grad)
    for name, buffer in network.named_buffers():
        if "running" in name:
            put(f"{variant}/{name}", buffer)
    put(f"{variant}/eval", network.eval()(x, *code).permute(0, 2, 3, 1))


x = torch.randn(2, 4, 12, 20)
cotangent = torch.randn(2, 3, 12, 20)
put("x", x.permute(0, 2, 3, 1))
put("cotangent", cotangent.permute(0, 2, 3, 1))
for variant, network in {
    "batch": ResNet(4, 3, 2, 2, nn.BatchNorm2d, bias=False),
    "instance": ResNet(4, 3, 1, 2, instance, bias=True),
    "nearest": ResNet(4, 3, 2, 1, nn.BatchNorm2d, bias=False, nearest=True),
}.items():
    write(variant, network, x, cotangent)
z = torch.randn(2, 5).requires_grad_()
put("z", z)
write("coded", CodedResNet(4, 3, 1, 2, 5), x, cotangent, z)
put("coded/dz", z.grad)

with torch.device("meta"):
    whole = CodedResNet(36, 32, 4, 9, 64)
    print("DSCGAN for Cityscapes:", sum(parameter.numel() for parameter in whole.parameters()))

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file(tensors, path)
path.chmod(0o644)
print(len(tensors), "tensors,", path.stat().st_size, "bytes")
