"""Writes semantic_cgan.safetensors: guided discriminators, their losses, and the semantic distance.

Run with torch, numpy and safetensors installed: python semantic_cgan.py

Names of weights are the published ones; images and maps are channels last. Labels are stored small
and enlarged by repetition.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import spectral_norm


class File:
    """Tensors by name."""

    def __init__(self):
        self.tensors = {}

    def put(self, name, x):
        self.tensors[name] = x.detach().float().contiguous().clone()

    def put_map(self, name, x):
        self.put(name, x.permute(0, 2, 3, 1))

    def put_weights(self, prefix, network):
        for name, parameter in network.named_parameters():
            self.put(f"{prefix}.{name}", parameter)
        for name, buffer in network.named_buffers():
            if name.endswith(("_u", "_v")):
                self.put(f"{prefix}.{name}", buffer)

    def put_gradients(self, prefix, network):
        for name, parameter in network.named_parameters():
            self.put(f"{prefix}.gradient.{name}", parameter.grad)

    def put_statistics(self, prefix, network):
        for name, buffer in network.named_buffers():
            if not name.endswith("num_batches_tracked"):
                self.put(f"{prefix}.after.{name}", buffer)

    def save(self, script):
        path = pathlib.Path(script).with_suffix(".safetensors")
        save_file(self.tensors, path)
        path.chmod(0o644)
        print(len(self.tensors), "tensors,", path.stat().st_size, "bytes")


def enlarged(x, factor):
    return x.repeat_interleave(factor, -1).repeat_interleave(factor, -2)


def planes(labels, classes):
    return F.one_hot(labels, classes).permute(0, 3, 1, 2).float()


def enliven(network, factor=4):
    """Weights larger than at the start, so that no gradient is rounding noise."""
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 4:
                parameter.normal_(0, 0.08 * factor / 4)
            else:
                parameter.add_(torch.randn_like(parameter) * 0.2)


class PatchGAN(nn.Module):
    """70×70 patches with `fine` verdicts before the published one."""

    def __init__(self, inputs, width, fine):
        super().__init__()
        layers = [nn.Conv2d(inputs, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        for index, stride in [(1, 2), (2, 2), (3, 1)]:
            before, after = width * 2 ** (index - 1), width * 2**index
            layers += [nn.Conv2d(before, after, 4, stride, 1, bias=False)]
            layers += [nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(8 * width, fine + 1, 4, 1, 1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


class MultiscaleD(nn.Module):
    """The discriminator of SPADE (spectral) or of pix2pixHD, all outputs of both scales."""

    def __init__(self, inputs, width, outputs, spectral, scales=2, strided=3):
        super().__init__()
        self.spectral, self.scales = spectral, scales
        norm = spectral_norm if spectral else (lambda conv: conv)
        for scale in range(scales):
            sequence = [nn.Sequential(nn.Conv2d(inputs, width, 4, 2, 2), nn.LeakyReLU(0.2))]
            for index in range(1, strided + 1):
                before, after = width * min(2 ** (index - 1), 8), width * min(2**index, 8)
                conv = nn.Conv2d(before, after, 4, 2 if index < strided else 1, 2, bias=not spectral)
                layers = [norm(conv), nn.InstanceNorm2d(after)]
                if spectral:
                    layers = [nn.Sequential(*layers)]
                sequence += [nn.Sequential(*layers, nn.LeakyReLU(0.2))]
            sequence += [nn.Sequential(nn.Conv2d(8 * width, outputs, 4, 1, 2))]
            if spectral:
                network = nn.Module()
                for index, layers in enumerate(sequence):
                    network.add_module(f"model{index}", layers)
                self.add_module(f"discriminator_{scale}", network)
            else:
                for index, layers in enumerate(sequence):
                    self.add_module(f"scale{scale}_layer{index}", layers)
        self.layers = strided + 2

    def forward(self, x):
        results = []
        for scale in range(self.scales):
            outputs, y = [], x
            for layer in range(self.layers):
                if self.spectral:
                    y = getattr(getattr(self, f"discriminator_{scale}"), f"model{layer}")(y)
                else:
                    y = getattr(self, f"scale{self.scales - 1 - scale}_layer{layer}")(y)
                outputs.append(y)
            results.append(outputs)
            x = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
        return results


def class_weights(labels, classes, size, balance="class", alpha=1.0):
    s = F.interpolate(planes(labels, classes), size=size, mode="nearest")
    if balance == "class":
        s = alpha / classes * s / (s.mean((2, 3), keepdim=True) + 1e-9)
    return torch.cat([s, torch.ones_like(s[:, :1])], 1)


def verdict_losses(p, form, side):
    if form == "bce":
        target = torch.zeros_like(p) if side == "fake" else torch.ones_like(p)
        return F.binary_cross_entropy_with_logits(p, target, reduction="none")
    if form == "ls":
        return p**2 if side == "fake" else (p - 1) ** 2
    return {"real": F.relu(1 - p), "fake": F.relu(1 + p), "generator": -p}[side]


def class_weighted(verdicts, labels, classes, form, side, **settings):
    """Mean over scales of Σ w·ℓ / (N·(K+1)·h·w)."""
    total = 0
    for p in verdicts:
        w = class_weights(labels, classes, p.shape[2:], **settings)
        n, k, h, width = p.shape
        total = total + (w * verdict_losses(p, form, side)).sum() / (n * k * h * width)
    return total / len(verdicts)


class Segmenter(nn.Module):
    """The small encoder-decoder of the perceptors, under its own names."""

    def __init__(self, classes, width):
        super().__init__()

        def block(before, after):
            return nn.ModuleDict(
                {
                    "conv": nn.Conv2d(before, after, 3, 1, 1, bias=False),
                    "norm": nn.BatchNorm2d(after),
                }
            )

        widths = [width << level for level in range(4)]
        self.stem = block(3, widths[0])
        self.down = nn.ModuleList(block(widths[i], widths[i + 1]) for i in range(3))
        self.up = nn.ModuleList(block(widths[i + 1] + widths[i], widths[i]) for i in (2, 1, 0))
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        def run(block, x):
            return F.relu(block["norm"](block["conv"](x)))

        x = run(self.stem, x)
        skips = []
        for block in self.down:
            skips.append(x)
            x = run(block, F.max_pool2d(x, 2))
        for block, skip in zip(self.up, reversed(skips)):
            x = run(block, torch.cat([F.interpolate(x, scale_factor=2), skip], 1))
        return self.head(x)


def semantic_distance(network, real, fake):
    with torch.no_grad():
        wanted = network(real).softmax(1)
    return (wanted - network(fake).softmax(1)).abs().mean()


def write_guided(file):
    classes, batch = 4, 2
    network = PatchGAN(classes + 3, 1, classes)
    enliven(network)
    labels = torch.randint(0, classes, (batch, 12, 16))
    labels[0][labels[0] == 3] = 1  # absent from the first image
    real, fake = torch.rand(2, batch, 3, 48, 64) * 2 - 1
    file.put("guided/labels", labels)
    file.put_map("guided/real", real[:, :, ::4, ::4])
    file.put_map("guided/fake", fake[:, :, ::4, ::4])
    real, fake = (enlarged(x[:, :, ::4, ::4], 4) for x in (real, fake))
    labels = enlarged(labels, 4)
    fake.requires_grad_(True)
    file.put_weights("guided", network)
    condition = planes(labels, classes)
    network.train()
    on_fake = network(torch.cat([condition, fake], 1))
    on_real = network(torch.cat([condition, real], 1))
    file.put_map("guided/logits.fake", on_fake)
    file.put_map("guided/logits.real", on_real)
    loss = 0.5 * (
        class_weighted([on_fake], labels, classes, "bce", "fake")
        + class_weighted([on_real], labels, classes, "bce", "real")
    )
    file.put("guided/D", loss)
    loss.backward(retain_graph=True)
    file.put_gradients("guided", network)
    loss = class_weighted([on_fake], labels, classes, "bce", "generator")
    file.put("guided/G", loss)
    (gradient,) = torch.autograd.grad(loss, fake)
    # Enlarged pixels share their gradient.
    file.put_map("guided/gradient.fake", F.avg_pool2d(gradient, 4) * 16)
    file.put_statistics("guided", network)
    network.eval()
    file.put_map("guided/eval", network(torch.cat([condition, fake], 1)))

    # The losses alone, on two scales.
    verdicts = [torch.randn(batch, classes + 1, *size, requires_grad=True) for size in [(6, 7), (3, 4)]]
    others = [torch.randn_like(p) for p in verdicts]
    for scale, (p, q) in enumerate(zip(verdicts, others)):
        file.put_map(f"losses/fake.{scale}", p)
        file.put_map(f"losses/real.{scale}", q)
    for form in ["bce", "ls", "hinge"]:
        for balance, alpha in [("class", 1.0), ("class", 0.05), ("area", 1.0)]:
            key = f"losses/{form}.{balance}.{alpha}"
            settings = {"balance": balance, "alpha": alpha}
            d = class_weighted(verdicts, labels, classes, form, "fake", **settings)
            d = d + class_weighted(others, labels, classes, form, "real", **settings)
            g = class_weighted(verdicts, labels, classes, form, "generator", **settings)
            file.put(key, torch.stack([d, g]))
            for side, loss in [("D", d), ("G", g)]:
                for scale, gradient in enumerate(torch.autograd.grad(loss, verdicts)):
                    file.put_map(f"{key}.{side}.{scale}", gradient)


def write_perceptual(file):
    network = Segmenter(5, 4)
    enliven(network, 6)
    network.eval()
    real, fake = torch.rand(2, 2, 3, 16, 24) * 2 - 1
    fake.requires_grad_(True)
    file.put_weights("perceptual", network)
    file.put_map("perceptual/real", real)
    file.put_map("perceptual/fake", fake)
    loss = semantic_distance(network, real, fake)
    file.put("perceptual/loss", loss)
    (gradient,) = torch.autograd.grad(loss, fake)
    file.put_map("perceptual/gradient", gradient)


def write_sem_disc(file):
    labelled, classes, batch = 5, 3, 2
    wanted = torch.tensor([255, 0, 1, 255, 2])
    network = MultiscaleD(3, 1, labelled + 1 + classes + 3, spectral=True)
    enliven(network, 8)
    labels = torch.randint(0, labelled, (batch, 8, 12))
    real, fake = torch.rand(2, batch, 3, 16, 24) * 2 - 1
    file.put("sem-disc/labels", labels)
    file.put_map("sem-disc/real", real)
    file.put_map("sem-disc/fake", fake)
    labels = enlarged(labels, 2)
    fake.requires_grad_(True)
    file.put_weights("sem-disc", network)
    network.train()
    outputs = network(torch.cat([fake, real]))
    verdicts, segmentations, reconstructions = [], [], []
    for scale, maps in enumerate(outputs):
        p, s, r = maps[-1].split([labelled + 1, classes, 3], 1)
        verdicts.append(p.chunk(2))
        segmentations.append(F.interpolate(s, (16, 24), mode="bilinear").chunk(2))
        reconstructions.append(F.interpolate(r, (16, 24), mode="bilinear").chunk(2))
        file.put_map(f"sem-disc/logits.{scale}", p)
    file.put_map("sem-disc/features.1.2", outputs[1][2])
    file.put_map("sem-disc/segmentation.1", segmentations[1][1])
    file.put_map("sem-disc/reconstruction.0", reconstructions[0][0])

    def heads(look):
        segmentation = sum(
            F.cross_entropy(s[look], wanted[labels], ignore_index=255) for s in segmentations
        )
        return segmentation, sum((r[look] - real).abs().mean() for r in reconstructions)

    game = [
        class_weighted([p[look] for p in verdicts], labels, labelled, "hinge", side)
        for look, side in [(0, "fake"), (1, "real"), (0, "generator")]
    ]
    on_fake, on_real = heads(0), heads(1)
    d = labelled * (game[0] + game[1]) + sum(on_real)
    g = labelled * game[2] + sum(on_fake)
    file.put("sem-disc/losses", torch.stack([d, g, *on_real, *on_fake]))
    d.backward(retain_graph=True)
    file.put_gradients("sem-disc", network)
    (gradient,) = torch.autograd.grad(g, fake)
    file.put_map("sem-disc/gradient.fake", gradient)
    file.put_statistics("sem-disc", network)
    network.eval()
    for scale, maps in enumerate(network(fake)):
        file.put_map(f"sem-disc/eval.{scale}", maps[-1])


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(21)
    file = File()
    write_guided(file)
    write_perceptual(file)
    write_sem_disc(file)
    file.save(__file__)
