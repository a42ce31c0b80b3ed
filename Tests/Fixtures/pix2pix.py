"""Writes pix2pix.safetensors: a small U-Net and PatchGAN, and one published training step.

Run with torch, numpy and safetensors installed: python pix2pix.py

Labels and target are stored small and enlarged by repetition; of the images every fourth row and
column is stored; of the parameters after the step the sum and the norm of the change. Names of
weights are the published ones. Images are channels last.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Benchmarks" / "pytorch"))
from translation import PatchGAN, Trainer, UNet, initialize  # noqa: E402

torch.manual_seed(20)
tensors = {}


class GivenDropout(nn.Module):
    """Dropout by half with a mask that is written to the file."""

    def __init__(self, shape):
        super().__init__()
        self.mask = torch.bernoulli(torch.full(shape, 0.5))
        put_map("dropout.0", self.mask)

    def forward(self, x):
        return x * self.mask * 2 if self.training else x


def put(name, x):
    tensors[name] = x.detach().float().contiguous().clone()


def put_map(name, x):
    put(name, x.permute(0, 2, 3, 1))


def put_image(name, x):
    put_map(name, x[:, :, ::4, ::4])


def enlarged(x, factor):
    return x.repeat_interleave(factor, -1).repeat_interleave(factor, -2)


width, classes, batch = 2, 4, 2
generator = UNet(classes, 3, levels=6, width=width)
discriminator = PatchGAN(classes + 3, width=width)
for network in [generator, discriminator]:
    initialize(network)
    with torch.no_grad():  # larger than published, so that no gradient is rounding noise
        for parameter in network.parameters():
            if parameter.dim() == 4:
                parameter.mul_(6)
            elif parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
level = generator.model.model[1]
for _ in range(3):
    level = level.model[3]
level.model.append(GivenDropout((batch, 8 * width, 4, 4)))  # the one inner level of full width

labels = torch.randint(0, classes, (batch, 16, 16))
target = torch.rand(batch, 3, 8, 8) * 2 - 1
put("labels", labels)
put_map("target", target)
condition = nn.functional.one_hot(enlarged(labels, 4), classes).permute(0, 3, 1, 2).float()
target = enlarged(target, 8)

before = {}
for prefix, network in [("G", generator), ("D", discriminator)]:
    for name, parameter in network.named_parameters():
        put(f"{prefix}.{name}", parameter)
        before[f"{prefix}.{name}"] = parameter.detach().clone()

generator.train()
discriminator.train()
trainer = Trainer(generator, discriminator)
hooked = {}
generator.register_forward_hook(lambda _, __, y: hooked.__setitem__("fake", y))
verdicts = []
discriminator.register_forward_hook(lambda _, __, y: verdicts.append(y))
put("losses.0", torch.tensor(list(trainer.step(condition, target).values())))
put_image("fake", hooked["fake"])
for name, verdict in zip(["logits.fake", "logits.real", "logits.updated"], verdicts):
    put_map(name, verdict)
for prefix, network in [("G", generator), ("D", discriminator)]:
    for name, parameter in network.named_parameters():
        key = f"{prefix}.{name}"
        put(f"{prefix}.gradient.{name}", parameter.grad)
        change = parameter.detach() - before[key]
        put(f"{prefix}.change.{name}", torch.stack([change.sum(), change.norm()]))
put("losses.1", torch.tensor(list(trainer.step(condition, target).values())))
for prefix, network in [("G", generator), ("D", discriminator)]:
    for name, buffer in network.named_buffers():
        if "running" in name:
            put(f"{prefix}.{name}", buffer)

generator.eval()
discriminator.eval()
fake = generator(condition)
put_image("eval.fake", fake)
put_map("eval.logits", discriminator(torch.cat([condition, fake], 1)))

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file(tensors, path)
path.chmod(0o644)
print(len(tensors), "tensors,", path.stat().st_size, "bytes")
