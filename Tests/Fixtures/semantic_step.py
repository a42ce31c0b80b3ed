"""Writes semantic_step.safetensors: whole training steps of the semantically guided U-Net.

Run with torch, numpy and safetensors installed: python semantic_step.py

Images are made once; D learns from them, fake before real, then G from the same ones: K + 1 times the
class-weighted cross entropy, and 10 times the distance through a frozen segmenter. One step of plain
gradient descent, whose changes are the gradients, and three of Adam with the published settings.
"""

import copy
import pathlib
import sys

import torch

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Benchmarks" / "pytorch"))
from semantic_cgan import (  # noqa: E402
    File,
    PatchGAN,
    Segmenter,
    class_weighted,
    enlarged,
    enliven,
    planes,
    semantic_distance,
)
from translation import UNet  # noqa: E402

classes, batch, side = 3, 2, 32


def step(generator, discriminator, segmenter, optimizers, labels, real):
    """Returns the losses of D, of G's adversarial term and the distance, before their weights."""
    condition = planes(labels, classes)
    fake = generator(condition)

    def judge(image):
        return [discriminator(torch.cat([condition, image], 1))]

    optimizers[1].zero_grad()
    on_fake = class_weighted(judge(fake.detach()), labels, classes, "bce", "fake")
    on_real = class_weighted(judge(real), labels, classes, "bce", "real")
    loss = 0.5 * (on_fake + on_real)
    ((classes + 1) * loss).backward()
    optimizers[1].step()

    discriminator.requires_grad_(False)
    optimizers[0].zero_grad()
    adversarial = class_weighted(judge(fake), labels, classes, "bce", "generator")
    distance = semantic_distance(segmenter, real, fake)
    ((classes + 1) * adversarial + 10 * distance).backward()
    optimizers[0].step()
    discriminator.requires_grad_(True)
    return torch.stack([loss, adversarial, distance]).detach()


torch.set_num_threads(1)
torch.manual_seed(22)
file = File()
generator = UNet(classes, 3, levels=5, width=1)
discriminator = PatchGAN(classes + 3, 1, classes)
segmenter = Segmenter(classes, 4)
enliven(generator, 12)
enliven(discriminator, 8)
enliven(segmenter, 6)
segmenter.eval().requires_grad_(False)
labels = torch.randint(0, classes, (batch, side // 4, side // 4))
real = torch.rand(batch, 3, side, side) * 2 - 1
file.put("labels", labels)
file.put_map("real", real)
labels = enlarged(labels, 4)
for prefix, network in [("G", generator), ("D", discriminator), ("T", segmenter)]:
    file.put_weights(prefix, network)

networks = [copy.deepcopy(generator), copy.deepcopy(discriminator)]
optimizers = [torch.optim.SGD(network.parameters(), lr=0.5) for network in networks]
file.put("sgd.losses", step(*networks, segmenter, optimizers, labels, real))
for prefix, before, after in [("G", generator, networks[0]), ("D", discriminator, networks[1])]:
    for (name, old), new in zip(before.named_parameters(), after.parameters()):
        file.put(f"{prefix}.change.{name}", new - old)
    file.put_statistics(prefix, after)

networks = [copy.deepcopy(generator), copy.deepcopy(discriminator)]
optimizers = [torch.optim.Adam(n.parameters(), lr=2e-4, betas=(0.5, 0.999)) for n in networks]
for index in range(3):
    file.put(f"adam.losses.{index}", step(*networks, segmenter, optimizers, labels, real))
for prefix, before, after in [("G", generator, networks[0]), ("D", discriminator, networks[1])]:
    for (name, old), new in zip(before.named_parameters(), after.parameters()):
        file.put(f"{prefix}.moved.{name}", (new - old).norm())
for name in ["weight", "bias"]:
    del file.tensors[f"D.moved.model.11.{name}"]
file.save(__file__)
