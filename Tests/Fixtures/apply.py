"""Writes apply.safetensors: a U-Net and a PatchGAN, each called once in either mode.

Run with torch and safetensors installed: python apply.py

Names are `unet/…` and `patchgan/…`; what follows has the published name. Weights of convolutions
are whole numbers `weights/<name>`, to be multiplied with `scale/<name>`; maps are stored small and
enlarged by repetition; of gradients and outputs only some elements are stored: every fourth row and
column of a map, every nineteenth number of a weight. Images are channels first.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Benchmarks" / "pytorch"))
from pix2pix_step import PatchGAN, UNet  # noqa: E402

torch.manual_seed(31)
tensors = {}


class GivenDropout(nn.Module):
    """Dropout by half with a mask that is written to the file."""

    def __init__(self, shape):
        super().__init__()
        self.mask = torch.bernoulli(torch.full(shape, 0.5))
        tensors["unet/dropout.0"] = self.mask.to(torch.int8)

    def forward(self, x):
        return x * self.mask * 2 if self.training else x


def put(name, x):
    tensors[name] = x.detach().float().contiguous().clone()


def small(name, shape, factor):
    """Random bytes, stored; as numbers in -1...1, enlarged."""
    whole = torch.randint(-127, 128, shape, dtype=torch.int8)
    tensors[name] = whole
    x = whole.float() / 127
    return x.repeat_interleave(factor, -1).repeat_interleave(factor, -2)


def set_weights(network, prefix):
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.dim() == 4:
                whole = torch.randint(-127, 128, parameter.shape, dtype=torch.int8)
                fan_in = parameter.shape[1] * 16
                scale = torch.tensor(3.0 / 127 / fan_in**0.5)
                tensors[f"{prefix}/weights/{name}"] = whole
                put(f"{prefix}/scale/{name}", scale)
                parameter.copy_(whole.float() * scale)
            else:
                start = 1.0 if name.endswith("weight") else 0.0
                parameter.copy_(start + 0.2 * torch.randn_like(parameter))
                put(f"{prefix}/weights/{name}", parameter)
        for name, buffer in network.named_buffers():
            if "running" in name:
                value = 0.3 * torch.randn_like(buffer)
                buffer.copy_(value if "mean" in name else 0.5 + value.abs())
                put(f"{prefix}/weights/{name}", buffer)


def call(network, prefix, inputs, cotangent):
    for mode in ["eval", "train"]:  # training moves the buffers, so it comes last
        network.train(mode == "train")
        leaves = {name: x.clone().requires_grad_() for name, x in inputs.items()}
        network.zero_grad()
        output = network(torch.cat(list(leaves.values()), 1))
        (output * cotangent).sum().backward()
        put(f"{prefix}/{mode}/output", output[:, :, ::4, ::4] if output.shape[2] > 8 else output)
        for name, x in leaves.items():
            put(f"{prefix}/{mode}/gradient/{name}", x.grad[:, :, ::4, ::4])
        for name, parameter in network.named_parameters():
            put(f"{prefix}/{mode}/gradient/{name}", parameter.grad.flatten()[::19])
    for name, buffer in network.named_buffers():
        if "running" in name:
            put(f"{prefix}/train/buffer/{name}", buffer)


unet = UNet(4, 3, levels=6, width=3)
for module in unet.modules():
    if isinstance(module, nn.Sequential):
        for index, child in enumerate(module):
            if isinstance(child, nn.Dropout):
                module[index] = GivenDropout((2, 24, 4, 4))
set_weights(unet, "unet")
call(
    unet,
    "unet",
    {"condition": small("unet/condition", (2, 4, 16, 16), 4)},
    small("unet/cotangent", (2, 3, 16, 16), 4),
)

patchgan = PatchGAN(4 + 3, width=5)
set_weights(patchgan, "patchgan")
call(
    patchgan,
    "patchgan",
    {
        "condition": small("patchgan/condition", (2, 4, 10, 12), 4),
        "image": small("patchgan/image", (2, 3, 20, 24), 2),
    },
    small("patchgan/cotangent", (2, 1, 3, 4), 1),
)

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file(tensors, path)
path.chmod(0o644)
print(len(tensors), "tensors,", path.stat().st_size, "bytes")
