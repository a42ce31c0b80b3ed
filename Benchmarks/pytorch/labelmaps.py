"""Training steps of three papers that translate label maps, as their authors' code takes them.

    python labelmaps.py create start.safetensors --task groupdnet|spade|pix2pixhd
    python labelmaps.py run start.safetensors --variant nchw|nhwc|compiled
    python labelmaps.py forward --variant nchw|nhwc|compiled

`create` writes initial weights and one batch; `run` reads them, so that another program can do the same
work from the same numbers. In the file weights are named `G.…`, `D.…` and `E.…` as in published
checkpoints, vectors of spectral norms with them; `image` is [N, 3, H, W], `labels` [N, H, W], `adam` the
rates of G and D and epsilon, and where the networks want them there are `noise` [draws, N, C, h, w] and
`edges` [N, 1, H, W]. Perceptual losses are left out: they would measure a third network, the same for
all. `forward` encodes and decodes one image with GroupDNet at its published size.
"""

import argparse
import os
import random
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from serving import VARIANTS, serve_steps, settle

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Fixtures"))
from smis_networks import Decoder, Discriminator, Encoder, conv, split  # noqa: E402


class ResnetBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        layers = []
        for last in [nn.ReLU(True), nn.Identity()]:
            layers += [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels), last]
        self.conv_block = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.conv_block(x)


class GlobalGenerator(nn.Module):
    def __init__(self, inputs, width=64, halvings=4, blocks=9):
        super().__init__()

        def normed(layer, channels):
            return [layer, nn.InstanceNorm2d(channels), nn.ReLU(True)]

        layers = [nn.ReflectionPad2d(3), *normed(nn.Conv2d(inputs, width, 7), width)]
        for level in range(halvings):
            layers += normed(nn.Conv2d(width << level, width << level + 1, 3, 2, 1), width << level + 1)
        layers += [ResnetBlock(width << halvings) for _ in range(blocks)]
        for level in reversed(range(halvings)):
            up = nn.ConvTranspose2d(width << level + 1, width << level, 3, 2, 1, output_padding=1)
            layers += normed(up, width << level)
        self.model = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())

    def forward(self, x):
        return self.model(x)


class PatchScales(nn.Module):
    """Patches at two sizes, biases everywhere; names count sizes from the smallest."""

    def __init__(self, inputs, width=64, scales=2):
        super().__init__()
        for scale in reversed(range(scales)):
            parts = [nn.Sequential(nn.Conv2d(inputs, width, 4, 2, 2), nn.LeakyReLU(0.2, True))]
            for level, stride in [(0, 2), (1, 2), (2, 1)]:
                before, after = width << level, width << level + 1
                inner = nn.Conv2d(before, after, 4, stride, 2)
                parts.append(nn.Sequential(inner, nn.InstanceNorm2d(after), nn.LeakyReLU(0.2, True)))
            for layer, part in enumerate([*parts, nn.Sequential(nn.Conv2d(width << 3, 1, 4, 1, 2))]):
                self.add_module(f"scale{scale}_layer{layer}", part)
        self.scales = scales

    def forward(self, x):
        outputs = []
        for scale in reversed(range(self.scales)):
            if outputs:
                x = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
            outputs.append([])
            y = x
            for layer in range(5):
                y = getattr(self, f"scale{scale}_layer{layer}")(y)
                outputs[-1].append(y)
        return outputs


# Rates of G and of D, and epsilon. Rates are a hundredth of the published ones, and epsilon is 1e-3 instead of
# 1e-8, so that losses can be compared: Adam's first steps are as long where a gradient is rounding alone
# as anywhere, and five published ones magnify that to a hundredth of a loss, at the same work.
ADAM = {"groupdnet": (1e-6, 4e-6, 1e-3), "spade": (1e-6, 4e-6, 1e-3), "pix2pixhd": (2e-6, 2e-6, 1e-3)}
# Batch, classes, height and width.
SIZES = {"groupdnet": (4, 8, 128, 128), "spade": (2, 151, 128, 128), "pix2pixhd": (1, 35, 128, 256)}


def networks(task):
    """Networks by their letter; GroupDNet's at a quarter of DeepFashion's channels, others as published."""
    form = {"variant": "deepfashion", "hidden": 128}
    if task == "groupdnet":
        channels = [640, 640, 640, 640, 320, 160, 80, 40]
        first = conv(64, 640, groups=8)
        generator = Decoder(first, channels, [8, 8, 4, 4, 2, 2, 1], (4, 4), 5, classes=8, planes=8, **form)
        return {"G": generator, "E": Encoder(24, 64, 64, 5, groups=8), "D": Discriminator(11, 16)}
    if task == "spade":
        channels = [1024, 1024, 1024, 1024, 512, 256, 128, 64]
        generator = Decoder(
            conv(151, 1024), channels, [1] * 7, (4, 4), 5, classes=151, planes=151, **form)
        return {"G": generator, "D": Discriminator(154, 64)}
    return {"G": GlobalGenerator(36), "D": PatchScales(39)}


def initialize(network):
    """Xavier's weights, and biases of zero.

    Not times 0.02, as published: Adam's first steps would be half as long as such weights.
    """
    for parameter in network.parameters():
        if parameter.dim() > 1:
            nn.init.xavier_normal_(parameter)
        else:
            nn.init.zeros_(parameter)


def rectangles(batch, classes, height, width):
    """Label maps."""
    draw = random.Random(1)
    labels = torch.zeros(batch, height, width)
    for sample in labels:
        for _ in range(12):
            top, left = draw.randrange(height), draw.randrange(width)
            bottom, right = draw.randint(top, height), draw.randint(left, width)
            sample[top:bottom, left:right] = draw.randrange(classes)
    return labels


def borders(labels):
    """Pixels beside another label, as the authors mark those beside another instance."""
    edges = torch.zeros_like(labels, dtype=torch.bool)
    across, down = labels[:, :, 1:] != labels[:, :, :-1], labels[:, 1:] != labels[:, :-1]
    edges[:, :, 1:] |= across
    edges[:, :, :-1] |= across
    edges[:, 1:] |= down
    edges[:, :-1] |= down
    return edges[:, None].float()


def create(arguments):
    torch.manual_seed(arguments.seed)
    batch, classes, height, width = SIZES[arguments.task]
    tensors = {
        "image": torch.rand(batch, 3, height, width) * 2 - 1,
        "labels": rectangles(batch, classes, height, width),
        "adam": torch.tensor(ADAM[arguments.task]),
    }
    if arguments.task == "groupdnet":
        tensors["noise"] = torch.randn(8, batch, 8 * classes, height // 32, width // 32)
    if arguments.task == "pix2pixhd":
        tensors["edges"] = borders(tensors["labels"])
    for prefix, network in networks(arguments.task).items():
        initialize(network)
        for name, tensor in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                tensors[f"{prefix}.{name}"] = tensor.contiguous()
    save_file(tensors, arguments.file, metadata={"task": arguments.task})


class Step:
    """What the papers' training steps have in common: networks with the file's weights, losses, Adam."""

    def __init__(self, file, task, variant, layout):
        def read(name):
            # Not left in the file's pages, whose addresses suit nobody.
            return file.get_tensor(name).clone()

        def placed(tensor):
            return tensor.contiguous(memory_format=layout)

        with torch.device("meta"):
            made = networks(task)
        for prefix, network in made.items():
            names = [name[2:] for name in file.keys() if name.startswith(f"{prefix}.")]
            network.load_state_dict({name: read(f"{prefix}.{name}") for name in names}, assign=True)
            network.to(memory_format=layout).train()
        labels = read("labels").long()
        self.planes = placed(F.one_hot(labels, SIZES[task][1]).permute(0, 3, 1, 2).float())
        self.real = placed(read("image"))
        self.squares = task == "pix2pixhd"
        if self.squares:
            self.planes = placed(torch.cat([self.planes, read("edges")], 1))
        self.draws = read("noise").unbind() if task == "groupdnet" else []
        self.generations = 0
        rates, epsilon = read("adam")[:2].tolist(), read("adam")[2].item()
        adam = {"betas": (0.5, 0.999) if self.squares else (0.0, 0.9), "eps": epsilon, "fused": True}
        generating = [p for letter in "GE" if letter in made for p in made[letter].parameters()]
        self.generator_adam = torch.optim.Adam(generating, lr=rates[0], **adam)
        self.discriminator_adam = torch.optim.Adam(made["D"].parameters(), lr=rates[1], **adam)
        if variant == "compiled":
            made = {letter: torch.compile(network) for letter, network in made.items()}
        self.generator, self.discriminator, self.encoder = (made.get(letter) for letter in "GDE")

    def generator_loss(self, fakes, reals):
        """The loss of generated images by what D says of them, and its terms before their weights."""
        if self.squares:
            gan = sum((scale[-1] - 1).square().mean() for scale in fakes)
        else:
            gan = sum(-scale[-1].mean() for scale in fakes) / len(fakes)
        pairs = [(a, b) for fake, real in zip(fakes, reals) for a, b in zip(fake[:-1], real[:-1])]
        matching = sum((a - b.detach()).abs().mean() for a, b in pairs) / len(fakes)
        return gan + 10 * matching, {"adversarial": gan, "matching": matching}

    def discriminator_loss(self, fakes, reals):
        pairs = [(fake[-1], real[-1]) for fake, real in zip(fakes, reals)]
        if self.squares:
            return sum(fake.square().mean() + (real - 1).square().mean() for fake, real in pairs) / 2
        return sum(F.relu(1 + fake).mean() + F.relu(1 - real).mean() for fake, real in pairs) / len(pairs)


class AnewStep(Step):
    """GroupDNet and SPADE: G with its encoder, where there is one, then D on images made anew."""

    def made(self):
        """Generated images and the divergence of their codes."""
        if self.encoder is None:
            return self.generator(None, self.planes), None
        mu, logvar = self.encoder(split(self.real, self.planes))
        noise = self.draws[self.generations % len(self.draws)]
        self.generations += 1
        z = mu + noise * torch.exp(0.5 * logvar)
        return self.generator(z, self.planes), -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()

    def judged(self, fake):
        """What D says of generated and real images in one batch, scale by scale."""
        count = len(fake)
        both = [torch.cat([self.planes, image], 1) for image in [fake, self.real]]
        outputs = self.discriminator(torch.cat(both))
        halves = [slice(count), slice(count, None)]
        return [[[y[half] for y in scale] for scale in outputs] for half in halves]

    def update_generator(self):
        self.discriminator.requires_grad_(False)
        self.generator_adam.zero_grad()
        fake, divergence = self.made()
        loss, terms = self.generator_loss(*self.judged(fake))
        if divergence is not None:
            loss, terms["divergence"] = loss + 0.05 * divergence, divergence
        loss.backward()
        self.generator_adam.step()
        return {name: term.item() for name, term in terms.items()}

    def update_discriminator(self):
        self.discriminator.requires_grad_(True)
        self.discriminator_adam.zero_grad()
        with torch.no_grad():
            fake, _ = self.made()
        loss = self.discriminator_loss(*self.judged(fake))
        loss.backward()
        self.discriminator_adam.step()
        return loss.item()

    def __call__(self):
        losses = self.update_generator()
        return losses | {"discriminator": self.update_discriminator()}


class OnceStep(Step):
    """pix2pixHD: one image made, then G, then D; what D says of the real image serves both.

    PyTorch 2.13's InstanceNorm2d of a single image gives wrong derivatives where those behind it lie
    channels last: that variant does the same work, but its losses are not those of plain NCHW.
    """

    def judged(self, image):
        return self.discriminator(torch.cat([self.planes, image], 1))

    def __call__(self):
        fake = self.generator(self.planes)
        reals = self.judged(self.real)

        self.discriminator.requires_grad_(False)
        self.generator_adam.zero_grad()
        loss, terms = self.generator_loss(self.judged(fake), reals)
        loss.backward()
        self.generator_adam.step()

        self.discriminator.requires_grad_(True)
        self.discriminator_adam.zero_grad()
        loss = self.discriminator_loss(self.judged(fake.detach()), reals)
        loss.backward()
        self.discriminator_adam.step()
        return {name: term.item() for name, term in terms.items()} | {"discriminator": loss.item()}


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
    with safe_open(arguments.file, "pt") as file:
        task = file.metadata()["task"]
        step = (OnceStep if task == "pix2pixhd" else AnewStep)(file, task, arguments.variant, layout)
    serve_steps(step)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["create", "run", "forward"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--task", choices=list(SIZES), help="create: whose step")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variant", default="nhwc", choices=VARIANTS)
    arguments = parser.parse_args()
    {"create": create, "run": run, "forward": forward}[arguments.command](arguments)


if __name__ == "__main__":
    main()
