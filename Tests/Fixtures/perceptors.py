"""Writes perceptors.safetensors: feature networks, losses and distances, as PyTorch states them.

Run with torch, numpy and safetensors installed: python perceptors.py

Networks have their true widths. Weights and images are not stored: both sides make them from one
table of hashed numbers, by name (`made`). Of each result some numbers, evenly spread, and the norm
are stored (`put_spread`). Images are channels last.
"""

import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

torch.set_num_threads(1)
tensors = {}
PERIOD = 65521


def table():
    """Numbers in -1...1, a hash of their place."""
    x = np.arange(PERIOD, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    x = (x * np.uint64(0x7FEB352D)) & mask
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(0x846CA68B)) & mask
    x ^= x >> np.uint64(16)
    return (x.astype(np.float64) / 2**31 - 1).astype(np.float32)


TABLE = table()


def made(name, shape, scale=1.0):
    """The table, over and over, from a place that the name decides."""
    start = 0
    for byte in name.encode():
        start = (start * 31 + byte) % PERIOD
    count = int(np.prod(shape))
    numbers = np.resize(np.roll(TABLE, -start), count).reshape(shape)
    return torch.from_numpy(numbers.copy()) * np.float32(scale)


def fill(network, prefix=""):
    """Weights that keep variances, and small biases."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            scale = (6 / parameter[0].numel()) ** 0.5 if parameter.dim() == 4 else 0.1
            parameter.copy_(made(prefix + name, tuple(parameter.shape), scale))


def image(name, side, count=2):
    """A batch of pictures, as channels-first tensors that want gradients."""
    return made(name, (count, side, side, 3)).permute(0, 3, 1, 2).clone().requires_grad_()


def put(name, x):
    tensors[name] = torch.as_tensor(x).detach().float().contiguous().clone()


def put_spread(name, x, most=400):
    flat = x.detach().reshape(-1)
    step = max(1, flat.numel() // most)
    put(name, flat[::step])
    put(name + ".norm", flat.double().norm())


def last(x):
    return x.permute(0, 2, 3, 1)


# Networks


class Fire(nn.Module):
    def __init__(self, inputs, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x):
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1x1(x).relu(), self.expand3x3(x).relu()], 1)


class Network(nn.Module):
    """Layers as torchvision numbers them."""

    def __init__(self, layers, taken, normalized, classes=None):
        super().__init__()
        self.features = nn.Sequential(*layers[: taken[-1] + 1])
        self.taken = taken
        self.normalized = normalized
        self.classifier = None
        if classes:
            self.classifier = nn.Sequential(
                nn.Identity(), nn.Conv2d(512, classes, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1)
            )

    def forward(self, x):
        if self.normalized:
            mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
            deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
            x = ((x + 1) / 2 - mean) / deviation
        found = []
        for number, layer in enumerate(self.features):
            x = layer(x)
            if number in self.taken:
                found.append(x)
        return found, self.classifier(x).flatten(1) if self.classifier else None


def vgg(counts):
    layers, channels = [], 3
    for count, width in zip(counts, [64, 128, 256, 512, 512]):
        for _ in range(count):
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2, 2))
    return layers


def vgg19(taken=(1, 6, 11, 20, 29), normalized=False):
    return Network(vgg([2, 2, 4, 4, 4]), list(taken), normalized)


def vgg16():
    return Network(vgg([2, 2, 3, 3, 3]), [3, 8, 15, 22, 29], True)


def alexnet():
    layers = [
        nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
    ]  # fmt: skip
    return Network(layers, [1, 4, 7, 9, 11], True)


def squeezenet(release, classes=None):
    pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)  # noqa: E731
    if release == "1.0":
        layers = [
            nn.Conv2d(3, 96, 7, stride=2), nn.ReLU(), pool(),
            Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), pool(),
            Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), pool(),
            Fire(512, 64, 256),
        ]  # fmt: skip
        return Network(layers, [1, 3, 4, 5, 7, 8, 9, 10, 12], True, classes)
    layers = [
        nn.Conv2d(3, 64, 3, stride=2), nn.ReLU(), pool(),
        Fire(64, 16, 64), Fire(128, 16, 64), pool(),
        Fire(128, 32, 128), Fire(256, 32, 128), pool(),
        Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
    ]  # fmt: skip
    return Network(layers, [1, 4, 7, 9, 10, 11, 12], True, classes)


for name, network, side in [
    ("vgg19", vgg19(), 16),
    ("vgg16", vgg16(), 16),
    ("alexnet", alexnet(), 35),
    ("squeezenet", squeezenet("1.0", 7), 40),
    ("squeezenet-1.1", squeezenet("1.1"), 39),
]:
    fill(network)
    x = image("image", side)
    features, scores = network(x)
    total = 0
    for index, feature in enumerate(features):
        put_spread(f"{name}/features.{index}", last(feature))
        cotangent = made(f"cotangent.{index}", tuple(last(feature).shape))
        total = total + (last(feature) * cotangent).mean()
    if scores is not None:
        put(f"{name}/scores", scores)
        total = total + (scores * made("cotangent.scores", tuple(scores.shape))).mean()
    total.backward()
    put_spread(f"{name}/d.image", last(x.grad))
    for parameter_name, parameter in network.named_parameters():
        put_spread(f"{name}/d.{parameter_name}", parameter.grad, most=40)

# The perceptual loss

network = vgg19()
fill(network, "network.")
generated, target = image("generated", 16), image("target", 16)
weights = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1]
value = sum(
    weight * (a - b.detach()).abs().mean()
    for weight, a, b in zip(weights, network(generated)[0], network(target)[0])
)
value.backward()
put("perceptual/value", value)
put_spread("perceptual/d.generated", last(generated.grad))

# The nearest-neighbour loss, on the features after the second convolution

network = vgg19([3])
fill(network, "network.")
for side in [3, 5]:
    generated, target = image("generated", 16), image("target", 16)

    def prepared(x):
        """As the published code: means of blue, green, red taken from red, green, blue."""
        means = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
        return (255 * (x + 1) / 2 - means).flip(1)

    a, b = network(prepared(generated))[0][0], network(prepared(target))[0][0].detach()
    reach = side // 2
    b = nn.functional.pad(b, [reach] * 4, value=-10000.0)
    distances = [
        (a - b[:, :, row : row + 16, column : column + 16]).abs().sum(1)
        for row in range(side)
        for column in range(side)
    ]
    value = torch.stack(distances).min(0).values.mean()
    value.backward()
    put(f"nearest/{side}", value)
    put_spread(f"nearest/{side}/d.generated", last(generated.grad))

# Learned similarity: AlexNet and SqueezeNet trunks, heads that are not negative


def lpips(network, prefix, first, second, headed=True):
    total = 0
    for index, (a, b) in enumerate(zip(network(first)[0], network(second)[0])):
        a = a / (a.pow(2).sum(1, keepdim=True).sqrt() + 1e-10)
        b = b / (b.pow(2).sum(1, keepdim=True).sqrt() + 1e-10)
        head = made(f"heads.{index}", (1, a.shape[1], 1, 1)).abs() if headed else torch.ones(1)
        total = total + ((a - b).pow(2) * head).sum(1).mean((1, 2))
    return total


for name, network, side in [("alexnet", alexnet(), 35), ("squeezenet", squeezenet("1.1"), 39)]:
    fill(network, "trunk.")
    # Apart, but not far: as photographs differ.
    first = image("image", side)
    second = (first.detach() * 0.6 + image("other", side).detach() * 0.4).requires_grad_()
    value = lpips(network, "trunk.", first, second)
    put(f"lpips/{name}", value)
    put(f"lpips/{name}.unheaded", lpips(network, "trunk.", first, second, headed=False))
    (value * torch.tensor([1.0, 2.0])).sum().backward()
    put_spread(f"lpips/{name}/first/d.image", last(first.grad))
    put_spread(f"lpips/{name}/second/d.image", last(second.grad))

# The Fréchet distance of two small sets. The roots of the eigenvalues of a product of covariances
# XᵀX·YᵀY are the singular values of X·Yᵀ: a way other than that of the code


def frechet(a, b):
    a, b = a.double().numpy(), b.double().numpy()
    first, second = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    x = (a - a.mean(0)) / np.sqrt(len(a) - 1)
    y = (b - b.mean(0)) / np.sqrt(len(b) - 1)
    root = np.linalg.svd(x @ y.T, compute_uv=False).sum()
    shift = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return shift + np.trace(first) + np.trace(second) - 2 * root


network = alexnet()
fill(network, "network.")
generated, real = image("generated", 35, 9).detach(), image("real", 35, 9).detach() * 0.7
features = [network(x)[0] for x in [generated, real]]
for layer in [0, 4]:
    vectors = [x[layer].detach().mean((2, 3)) for x in features]
    put(f"fid/{layer}", frechet(*vectors))

# Segmentation: shares and overlaps of 5 classes, of which class 4 is never there and 2 is ignored

labels = (made("labels", (2, 8, 8)).abs() * 4).floor().clamp(max=3)
scores = made("scores", (2, 8, 8, 5)) + nn.functional.one_hot(labels.long(), 5) * 0.8
read = scores.argmax(3)
for name, ignored in [("all", []), ("some", [2])]:
    counts = np.zeros((5, 5))
    for label, found in zip(labels.flatten().long().tolist(), read.flatten().tolist()):
        if label not in ignored:
            counts[label, found] += 1
    put(f"segmentation/{name}.accuracy", np.trace(counts) / counts.sum())
    with np.errstate(invalid="ignore"):
        overlap = np.diag(counts) / (counts.sum(0) + counts.sum(1) - np.diag(counts))
    put(f"segmentation/{name}.iou", np.nanmean([overlap[k] for k in range(5) if k not in ignored]))

# Cross entropy of scores with labels, also where a class has no pixel

scores = made("scores", (2, 8, 8, 5)).requires_grad_()
value = nn.functional.cross_entropy(scores.permute(0, 3, 1, 2), labels.long())
value.backward()
put("cross-entropy/value", value)
put_spread("cross-entropy/d.scores", scores.grad, most=40)

path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file(tensors, path)
path.chmod(0o644)
print(len(tensors), "tensors,", path.stat().st_size, "bytes")
