"""Training steps of a small convolutional GAN at 32x32, where what a step costs beside arithmetic shows.

    python dcgan.py create start.safetensors [--batch 64]
    python dcgan.py run start.safetensors --variant nchw|nhwc|compiled

The file holds `real` [N, 3, 32, 32], `z` [draws, N, 100] and the weights, `G.…` and `D.…`.
"""

import argparse

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

from serving import VARIANTS, serve_steps, settle


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.ConvTranspose2d(100, 256, 4, bias=False)]
            + [nn.ConvTranspose2d(i, o, 4, 2, 1, bias=False) for i, o in [(256, 128), (128, 64), (64, 3)]]
        )
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for width in [256, 128, 64]])

    def forward(self, z):
        x = z[:, :, None, None]
        for convolution, norm in zip(self.convolutions, self.norms):
            x = F.relu(norm(convolution(x)), inplace=True)
        return torch.tanh(self.convolutions[3](x))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(i, o, 4, 2, 1, bias=False) for i, o in [(3, 64), (64, 128), (128, 256)]]
            + [nn.Conv2d(256, 1, 4, bias=False)]
        )
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for width in [128, 256]])

    def forward(self, image):
        x = F.leaky_relu(self.convolutions[0](image), 0.2, inplace=True)
        for convolution, norm in zip(self.convolutions[1:], self.norms):
            x = F.leaky_relu(norm(convolution(x)), 0.2, inplace=True)
        return self.convolutions[3](x)


def create(arguments):
    torch.manual_seed(arguments.seed)
    tensors = {
        "real": torch.rand(arguments.batch, 3, 32, 32) * 2 - 1,
        "z": torch.randn(8, arguments.batch, 100),
    }
    for prefix, network in [("G", Generator()), ("D", Discriminator())]:
        for name, parameter in network.named_parameters():
            is_norm = name.startswith("norms")
            if not is_norm:
                nn.init.normal_(parameter, 0, 0.02)
            elif name.endswith("weight"):
                nn.init.normal_(parameter, 1, 0.02)
            tensors[f"{prefix}.{name}"] = parameter.detach().contiguous()
    save_file(tensors, arguments.file)


def run(arguments):
    layout = settle(arguments.variant, arguments.threads)
    tensors = load_file(arguments.file)
    networks = []
    for prefix, network in [("G.", Generator()), ("D.", Discriminator())]:
        weights = {n[2:]: t for n, t in tensors.items() if n.startswith(prefix)}
        missing, unexpected = network.load_state_dict(weights, strict=False)
        assert not unexpected and all(n.startswith("norms") for n in missing), (missing, unexpected)
        networks.append(network.to(memory_format=layout).train())
    generator, discriminator = networks
    adam = {"lr": 2e-4, "betas": (0.5, 0.999), "fused": True}
    generator_adam = torch.optim.Adam(generator.parameters(), **adam)
    discriminator_adam = torch.optim.Adam(discriminator.parameters(), **adam)
    if arguments.variant == "compiled":
        generator, discriminator = torch.compile(generator), torch.compile(discriminator)
    real, draws = tensors["real"].contiguous(memory_format=layout), tensors["z"].unbind()
    ones = torch.ones(real.shape[0], 1, 1, 1)
    bce = F.binary_cross_entropy_with_logits
    count = 0

    def step():
        nonlocal count
        fake = generator(draws[count % len(draws)])
        count += 1

        discriminator.requires_grad_(True)
        discriminator_adam.zero_grad()
        loss = bce(discriminator(real), ones) + bce(discriminator(fake.detach()), 1 - ones)
        loss.backward()
        discriminator_adam.step()

        discriminator.requires_grad_(False)
        generator_adam.zero_grad()
        adversarial = bce(discriminator(fake), ones)
        adversarial.backward()
        generator_adam.step()
        return {"discriminator": loss.item(), "adversarial": adversarial.item()}

    serve_steps(step)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["create", "run"])
    parser.add_argument("file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=64, help="create: images in the batch")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="nhwc", choices=VARIANTS)
    arguments = parser.parse_args()
    if arguments.command == "create":
        create(arguments)
    else:
        run(arguments)


if __name__ == "__main__":
    main()
