"""Training steps of the published U-Net and patch discriminator: D first, then G on the same fake.

    python translation.py create start.safetensors [--levels 8] [--width 64] [--batch 4] [--rate 2e-4]
    python translation.py run start.safetensors --variant nchw|nhwc|compiled

`create` writes initial weights and one batch; `run` reads them, so that another program can do the same
work from the same numbers. In the file weights are named `G.…` and `D.…` as the networks' authors name
them, `condition` and `target` are [N, C, H, W], `adam` has the rates of G and D and epsilon. Without dropout, so that
losses can be compared.
"""

import argparse

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from serving import VARIANTS, serve_steps, settle


class UNetBlock(nn.Module):
    """One level and all that lies within it; module order as published."""

    def __init__(self, outer, inner, inside=None, inputs=None, outermost=False):
        super().__init__()
        self.outermost = outermost
        down = nn.Conv2d(inputs or outer, inner, 4, 2, 1, bias=False)
        up = nn.ConvTranspose2d(
            inner if inside is None else 2 * inner, outer, 4, 2, 1, bias=outermost
        )
        if outermost:
            layers = [down, inside, nn.ReLU(True), up, nn.Tanh()]
        elif inside is None:
            layers = [nn.LeakyReLU(0.2, True), down, nn.ReLU(True), up, nn.BatchNorm2d(outer)]
        else:
            layers = [nn.LeakyReLU(0.2, True), down, nn.BatchNorm2d(inner), inside]
            layers += [nn.ReLU(True), up, nn.BatchNorm2d(outer)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x) if self.outermost else torch.cat([x, self.model(x)], 1)


class UNet(nn.Module):
    def __init__(self, inputs=3, outputs=3, levels=8, width=64):
        super().__init__()
        block = UNetBlock(8 * width, 8 * width)
        for _ in range(levels - 5):
            block = UNetBlock(8 * width, 8 * width, block)
        for factor in [4, 2, 1]:
            block = UNetBlock(factor * width, 2 * factor * width, block)
        self.model = UNetBlock(outputs, width, block, inputs=inputs, outermost=True)

    def forward(self, x):
        return self.model(x)


class PatchGAN(nn.Module):
    def __init__(self, inputs=6, width=64, strided=3):
        super().__init__()
        layers = [nn.Conv2d(inputs, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
        for index in range(1, strided + 1):
            before, after = width * min(2 ** (index - 1), 8), width * min(2**index, 8)
            stride = 2 if index < strided else 1
            layers += [nn.Conv2d(before, after, 4, stride, 1, bias=False)]
            layers += [nn.BatchNorm2d(after), nn.LeakyReLU(0.2, True)]
        layers += [nn.Conv2d(width * min(2**strided, 8), 1, 4, 1, 1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


def initialize(network):
    """N(0, 0.02) for convolutions, N(1, 0.02) for the scales of norms, zero biases."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(module.weight, 0, 0.02)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1, 0.02)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class Trainer:
    """The published training step."""

    def __init__(self, generator, discriminator, rates, epsilon):
        self.generator, self.discriminator = generator, discriminator
        adam = {"betas": (0.5, 0.999), "eps": epsilon, "fused": True}
        self.generator_adam = torch.optim.Adam(generator.parameters(), lr=rates[0], **adam)
        self.discriminator_adam = torch.optim.Adam(discriminator.parameters(), lr=rates[1], **adam)
        self.bce = nn.BCEWithLogitsLoss()

    def against(self, logits, value):
        return self.bce(logits, torch.full_like(logits, value))

    def step(self, condition, target):
        """Returns the losses of D, of G's adversarial term and L1 before its weight of 100."""
        generator, discriminator = self.generator, self.discriminator
        fake = generator(condition)

        discriminator.requires_grad_(True)
        self.discriminator_adam.zero_grad()
        on_fake = self.against(discriminator(torch.cat([condition, fake.detach()], 1)), 0.0)
        on_real = self.against(discriminator(torch.cat([condition, target], 1)), 1.0)
        loss = (on_fake + on_real) / 2
        loss.backward()
        self.discriminator_adam.step()

        discriminator.requires_grad_(False)
        self.generator_adam.zero_grad()
        adversarial = self.against(discriminator(torch.cat([condition, fake], 1)), 1.0)
        distance = (fake - target).abs().mean()
        (adversarial + 100 * distance).backward()
        self.generator_adam.step()
        return {"discriminator": loss.item(), "adversarial": adversarial.item(), "l1": distance.item()}


def create(arguments):
    torch.manual_seed(arguments.seed)
    generator = UNet(levels=arguments.levels, width=arguments.width)
    discriminator = PatchGAN(width=arguments.width)
    initialize(generator)
    initialize(discriminator)
    side = 1 << arguments.levels
    shape = (arguments.batch, 3, side, side)
    tensors = {"condition": torch.rand(shape) * 2 - 1, "target": torch.rand(shape) * 2 - 1}
    tensors["adam"] = torch.tensor([arguments.rate, arguments.rate, 1e-8])
    for prefix, network in [("G", generator), ("D", discriminator)]:
        for name, parameter in network.named_parameters():
            tensors[f"{prefix}.{name}"] = parameter.detach().contiguous()
    save_file(tensors, arguments.file)


def networks(tensors):
    """Builds both networks of the sizes that the file has, with its weights."""
    weights = {p: {} for p in "GD"}
    for name, tensor in tensors.items():
        if name[:2] in ("G.", "D."):
            weights[name[0]][name[2:]] = tensor
    levels = sum(tensor.dim() == 4 for tensor in weights["G"].values()) // 2
    first = weights["G"]["model.model.0.weight"]
    generator = UNet(first.shape[1], 3, levels, first.shape[0])
    discriminator = PatchGAN(weights["D"]["model.0.weight"].shape[1], first.shape[0])
    for network, values in [(generator, weights["G"]), (discriminator, weights["D"])]:
        missing, unexpected = network.load_state_dict(values, strict=False)
        missing = [n for n in missing if "running_" not in n and "num_batches" not in n]
        assert not missing and not unexpected, (missing, unexpected)
    return generator, discriminator


def run(arguments):
    layout = settle(arguments.variant, arguments.threads)
    tensors = load_file(arguments.file)
    generator, discriminator = networks(tensors)
    generator = generator.to(memory_format=layout).train()
    discriminator = discriminator.to(memory_format=layout).train()
    condition, target = (tensors[n].contiguous(memory_format=layout) for n in ["condition", "target"])
    if arguments.variant == "compiled":
        generator, discriminator = torch.compile(generator), torch.compile(discriminator)
    *rates, epsilon = tensors["adam"].tolist()
    trainer = Trainer(generator, discriminator, rates, epsilon)
    serve_steps(lambda: trainer.step(condition, target))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["create", "run"])
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--levels", type=int, default=8, help="create: side is 2 to this power")
    parser.add_argument("--width", type=int, default=64, help="create: channels, outermost")
    parser.add_argument("--batch", type=int, default=4, help="create: images in the batch")
    parser.add_argument("--rate", type=float, default=2e-4, help="create: Adam's, of both networks")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="nhwc", choices=VARIANTS)
    arguments = parser.parse_args()
    if arguments.command == "create":
        create(arguments)
    else:
        run(arguments)


if __name__ == "__main__":
    main()
