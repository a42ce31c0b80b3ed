"""Writes deformable.safetensors: networks and losses of Deformable GAN, restated in PyTorch.

Run with torch, numpy and safetensors installed: python deformable.py

The authors' code is for Keras; names of weights are those that it counts, their axes those of PyTorch.
Images and maps are channels last.
"""

import torch
import torch.nn.functional as F
from semantic_cgan import File, Segmenter, enlarged
from torch import nn


class SampleNorm(nn.Module):
    """keras-contrib's InstanceNormalization with its default axis; with `channels` with that of channels."""

    def __init__(self, channels=None):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels or 1))
        self.beta = nn.Parameter(torch.zeros(channels or 1))
        self.axes = (2, 3) if channels else (1, 2, 3)

    def forward(self, x):
        mean = x.mean(self.axes, keepdim=True)
        std = x.var(self.axes, keepdim=True, unbiased=False).sqrt()
        gamma, beta = self.gamma[:, None, None], self.beta[:, None, None]
        return (x - mean) / (std + 1e-3) * gamma + beta


class Layers(nn.Module):
    """Layers by the names that Keras gives them in order of creation."""

    def __init__(self, norm="sample"):
        super().__init__()
        self.counts, self.norm = {}, norm

    def add(self, kind, layer):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.add_module(f"{kind}_{self.counts[kind]}", layer)
        return layer


class Block:
    def __init__(self, layers, inputs, outputs, down=True, norm=True):
        self.down = down
        if down:
            self.conv = layers.add("conv2d", nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False))
        else:
            conv = nn.ConvTranspose2d(inputs, outputs, 4, 2, 0, bias=False)
            self.conv = layers.add("conv2d_transpose", conv)
        each = outputs if layers.norm == "instance" else None
        self.norm = layers.add("instance_normalization", SampleNorm(each)) if norm else None

    def __call__(self, x):
        x = self.conv(F.leaky_relu(x, 0.2) if self.down else F.relu(x))
        if not self.down:
            x = x[:, :, 1:-1, 1:-1]
        return x if self.norm is None else self.norm(x)


class Encoder:
    def __init__(self, layers, inputs, widths):
        self.first = layers.add("conv2d", nn.Conv2d(inputs, widths[0], 3, 1, 1))
        self.blocks = [
            Block(layers, a, b, norm=index < len(widths) - 2)
            for index, (a, b) in enumerate(zip(widths, widths[1:]))
        ]

    def __call__(self, x):
        levels = [self.first(x)]
        for block in self.blocks:
            levels.append(block(levels[-1]))
        return levels


def halves_away(x):
    return torch.where(x >= 0, torch.floor(x + 0.5), torch.ceil(x - 0.5))


def read(x, v, u):
    """The pixels of rows v and columns u."""
    n, channels, height, width = x.shape
    index = (v * width + u).long().reshape(n, 1, -1).expand(-1, channels, -1)
    return x.reshape(n, channels, -1).gather(2, index).reshape(x.shape)


def moved(x, transform, image):
    """One affine map, nearest pixels."""
    height, width = x.shape[2:]
    rows, columns = image[0] // height, image[1] // width
    a = (transform / torch.tensor([1, 1, rows, 1, 1, columns, 1, 1.0]))[:, :, None, None]
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    u = halves_away(a[:, 0] * across + a[:, 1] * down + a[:, 2])
    v = halves_away(a[:, 3] * across + a[:, 4] * down + a[:, 5])
    inside = (u >= 0) & (u < width) & (v >= 0) & (v < height)
    return read(x, v.clamp(0, height - 1), u.clamp(0, width - 1)) * inside[:, None]


def warped(x, transforms, masks, aggregation="max"):
    small = F.interpolate(masks, x.shape[2:], mode="nearest")
    parts = torch.stack([
        moved(x, transforms[:, part], masks.shape[2:]) * small[:, part : part + 1]
        for part in range(masks.shape[1])
    ])
    if aggregation == "max":
        return parts.amax(0)
    counts = small.sum(1, keepdim=True)
    return torch.where(counts > 0, parts.sum(0) / counts.clamp(min=1), 0.0)


def transformed(x, maps):
    """The spatial transformer of the authors' code: corners are clamped, but not the places."""
    height, width = x.shape[2:]
    v, u = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    places = maps @ torch.stack([u.flatten(), v.flatten(), torch.ones(height * width)])
    x_place = (0.5 * (places[:, 0] + 1) * width).reshape(-1, height, width)
    y_place = (0.5 * (places[:, 1] + 1) * height).reshape(-1, height, width)
    x0, y0 = x_place.detach().floor(), y_place.detach().floor()
    x1, y1 = (x0 + 1).clamp(0, width - 1), (y0 + 1).clamp(0, height - 1)
    x0, y0 = x0.clamp(0, width - 1), y0.clamp(0, height - 1)
    corners = [
        ((x1 - x_place) * (y1 - y_place), y0, x0), ((x1 - x_place) * (y_place - y0), y1, x0),
        ((x_place - x0) * (y1 - y_place), y0, x1), ((x_place - x0) * (y_place - y0), y1, x1),
    ]  # fmt: skip
    return sum(area[:, None] * read(x, v, u) for area, v, u in corners)


class Generator(Layers):
    def __init__(self, poses, widths, warp, aggregation="max", points=0, norm="sample"):
        super().__init__(norm)
        self.warp, self.aggregation = warp, aggregation
        self.appearance = Encoder(self, 3 + poses + (0 if warp else poses), widths)
        self.pose = Encoder(self, poses, widths) if warp else None
        factor = 2 if warp else 1
        self.up, below = [], 0
        for width in reversed(widths[1:]):
            self.up.append(Block(self, below + factor * width, width, down=False))
            below = width
        self.last = self.add("conv2d", nn.Conv2d(below + factor * widths[0], 3, 3, 1, 1))
        if warp == "stn":
            sizes = [2 * points, 64, 32, 6]
            self.dense = [self.add("dense", nn.Linear(a, b)) for a, b in zip(sizes, sizes[1:])]

    def put_in_place(self, x, source, geometry):
        if self.warp == "parts":
            return warped(x, *geometry, self.aggregation)
        if self.warp == "full":
            return moved(x, geometry[0][:, 0], source.shape[2:])
        y = geometry[0]
        for dense in self.dense[:-1]:
            y = F.leaky_relu(dense(y), 0.2)
        return transformed(x, self.dense[-1](y).reshape(-1, 2, 3))

    def forward(self, source, source_pose, target_pose, *geometry):
        if self.warp:
            own = self.appearance(torch.cat([source, source_pose], 1))
            own[:4] = [self.put_in_place(x, source, geometry) for x in own[:4]]
            skips = [torch.cat(pair, 1) for pair in zip(own, self.pose(target_pose))]
        else:
            skips = self.appearance(torch.cat([source, source_pose, target_pose], 1))
        y = skips.pop()
        for block in self.up:
            y = torch.cat([block(y), skips.pop()], 1)
        return torch.tanh(self.last(F.relu(y)))


class Discriminator(Layers):
    def __init__(self, poses, width, kind, size, norm="sample"):
        super().__init__(norm)
        self.kind = kind
        channels = 3 + poses

        def first(inputs):
            return self.add("conv2d", nn.Conv2d(inputs, width, 4, 2))

        self.source = first(channels) if kind == "warp" else None
        self.first = first(2 * channels if kind == "call" else channels)
        widths = [2 * width if kind == "warp" else width, 2 * width, 4 * width, 8 * width]
        self.blocks = [Block(self, a, b) for a, b in zip(widths, widths[1:])]
        if kind == "sim":
            height, across = ((side - 4) // 2 + 1 for side in size)
            inputs = (height // 8) * (across // 8) * 16 * width
            self.dense = self.add("dense", nn.Linear(inputs, 1))
        else:
            self.head = Block(self, widths[3], 1, norm=False)

    def run(self, x):
        for block in self.blocks:
            x = block(x)
        return x

    def forward(self, source, source_pose, image, target_pose, transforms, masks):
        own, beside = torch.cat([image, target_pose], 1), torch.cat([source, source_pose], 1)
        if self.kind == "call":
            return self.head(self.run(self.first(torch.cat([beside, own], 1))))
        if self.kind == "sim":
            x = torch.cat([self.run(self.first(own)), self.run(self.first(beside))], 1)
            return self.dense(F.leaky_relu(x, 0.2).permute(0, 2, 3, 1).flatten(1))
        moved = warped(self.source(beside), transforms, masks)
        return self.head(self.run(torch.cat([self.first(own), moved], 1)))


def published(name):
    return (
        name.replace(".weight", "/kernel:0").replace(".bias", "/bias:0")
        .replace(".gamma", "/gamma:0").replace(".beta", "/beta:0")
    )  # fmt: skip


def enliven(network):
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
            else:
                parameter.normal_(0, 0.2)


def compare(file, prefix, network, inputs, geometry, differentiated, scales={}):
    """Output, and the gradients of its sum with fixed numbers; some weights scaled."""
    enliven(network)
    with torch.no_grad():
        for name, scale in scales.items():
            network.get_parameter(name).mul_(scale)
        if hasattr(network, "dense_3"):  # around the identity
            network.dense_3.bias.add_(torch.tensor([1.0, 0, 0, 0, 1, 0]))
    for name, parameter in network.named_parameters():
        file.put(f"{prefix}.{published(name)}", parameter)
    for name in differentiated:
        inputs[name] = inputs[name].detach().requires_grad_(True)
    y = network(*inputs.values(), *geometry)
    cotangent = torch.randn_like(y)
    for name, x in [("output", y), ("cotangent", cotangent)]:
        (file.put_map if y.dim() == 4 else file.put)(f"{prefix}/{name}", x)
    (y * cotangent).sum().backward()
    for name, parameter in network.named_parameters():
        file.put(f"{prefix}.gradient.{published(name)}", parameter.grad)
    for name in differentiated:
        gradient = inputs[name].grad
        file.put_map(f"{prefix}/gradient.{name}", F.avg_pool2d(gradient, 2) * 4)


def scene(file, prefix, size, names, poses, parts, batch):
    """Inputs stored at half the size, maps of parts with turns, halves and one that leads nowhere."""
    inputs = {}
    for name in names:
        channels = poses if "Pose" in name else 3
        small = torch.rand(batch, channels, size[0] // 2, size[1] // 2) * 2 - 1
        file.put_map(f"{prefix}/{name}", small)
        inputs[name] = enlarged(small, 2)
    transforms = torch.randn(batch, parts, 8) * 0.2
    transforms[:, :, [0, 4]] += 1
    transforms[:, :, [2, 5]] *= 30
    transforms[:, :, 6:] = 0
    transforms[0, 0] = torch.tensor([1, 0, 0.5, 0, 1, -2.5, 0, 0])
    transforms[-1, 1] = torch.tensor([1, 0, 1000.0, 0, 1, 1000, 0, 0])
    masks = (torch.rand(batch, parts, size[0] // 2, size[1] // 2) < 0.5).float()
    masks[:, 0, : size[0] // 3] = 1
    file.put(f"{prefix}/transforms", transforms)
    file.put_map(f"{prefix}/parts", masks)
    return inputs, (transforms, enlarged(masks, 2))


torch.set_num_threads(1)
torch.manual_seed(24)
file = File()
size, poses, parts = (16, 16), 3, 3
names = ["source", "sourcePose", "targetPose"]
inputs, geometry = scene(file, "generator", size, names, poses, parts, 2)
widths = [1, 2, 4, 8, 8]
for key, levels in [("max", 5), ("mean", 4), ("none", 4)]:
    network = Generator(poses, widths[:levels], None if key == "none" else "parts", key)
    compare(file, f"generator.{key}", network, dict(inputs), geometry, names)

size = (40, 36)
names = ["source", "sourcePose", "image", "targetPose"]
inputs, geometry = scene(file, "discriminator", size, names, poses, parts, 1)
for kind in ["call", "sim", "warp"]:
    network = Discriminator(poses, 1, kind, size)
    compare(file, f"discriminator.{kind}", network, dict(inputs), geometry, ["source", "image"])

logits = torch.randn(2, 3, 5) * 6
logits[0, 0, 0], logits[1, 0, 0] = -30, 30
real, fake = (x.clone().requires_grad_(True) for x in logits)
p, q = torch.sigmoid(real), torch.sigmoid(fake)
d = -torch.log(p + 1e-7).mean() - torch.log(torch.sigmoid(-fake) + 1e-7).mean()
g = -torch.log(q + 1e-7).mean()
file.put("losses/logits", logits)
file.put("losses/values", torch.stack([d, g]))
file.put("losses/D", torch.stack(torch.autograd.grad(d, [real, fake])))
file.put("losses/G", torch.autograd.grad(g, [fake])[0])

points = torch.tensor([[[3.0, 5], [-1, -1], [7, 0]], [[0, 11], [2, 2], [-1, 4]]])  # x, y
down, across = torch.meshgrid(torch.arange(12.0), torch.arange(8.0), indexing="ij")
x, y = points[..., 0, None, None], points[..., 1, None, None]
maps = torch.exp(-((across - x) ** 2 + (down - y) ** 2) / (2 * 6**2))
missing = ((points == -1).any(-1))[..., None, None]
file.put("points", points)
file.put_map("points/maps", torch.where(missing, 0, maps))

# The other warps; key points are y, x, the source's before the target's.
names = ["source", "sourcePose", "targetPose"]
size, batch = (16, 16), 2
inputs, (transforms, _) = scene(file, "warps", size, names, poses, 2, batch)
file.put("warps/transforms", transforms[:, :1])
network = Generator(poses, widths[:4], "full")
compare(file, "warps.full", network, dict(inputs), [transforms[:, :1]], names)
keypoints = torch.randint(0, 16, (batch, 2, 3, 2)).float()
keypoints[1, 0, 2] = -1
file.put("warps/keypoints", keypoints)
network = Generator(poses, widths[:4], "stn", points=6)
compare(
    file, "warps.stn", network, dict(inputs), [keypoints.flatten(1)], names,
    {"dense_1.weight": 0.05, "dense_2.weight": 0.5, "dense_3.weight": 0.5, "dense_3.bias": 0.2})

# What a network of poses says of two images.
network = Segmenter(3, 4)
enliven(network)
for name, parameter in network.named_parameters():
    file.put(f"poses.{name}", parameter)
real, fake = torch.rand(2, 2, 3, 16, 24) * 2 - 1
file.put_map("poses/real", real)
file.put_map("poses/fake", fake)
fake.requires_grad_(True)


def estimated(image):
    return torch.sigmoid(network(image.flip(1) / 2))


network.eval()
wanted = estimated(real).detach()
file.put_map("poses/estimated", wanted)
for name, loss in [
    ("structure", ((estimated(fake) - wanted) ** 2).mean()),
    ("perceptual", (estimated(fake) - wanted).abs().mean()),
]:
    file.put(f"poses/{name}", loss)
    file.put_map(f"poses/{name}.gradient", torch.autograd.grad(loss, fake)[0])
network.train()
targets = torch.rand(2, 3, 16, 24)
file.put_map("poses/targets", targets)
loss = ((estimated(real) - targets) ** 2).mean()
file.put("poses/error", loss)
loss.backward()
for name, parameter in network.named_parameters():
    file.put(f"poses.gradient.{name}", parameter.grad)

# The printed norm: each channel by itself.
names = ["source", "sourcePose", "targetPose", "image"]
size = (40, 40)
inputs, geometry = scene(file, "norms", size, names, poses, 2, 1)
own = {name: inputs[name] for name in names[:3]}
network = Generator(poses, widths[:4], None, norm="instance")
compare(file, "norms.generator", network, own, geometry, names[:3])
own = {name: inputs[name] for name in ["source", "sourcePose", "image", "targetPose"]}
network = Discriminator(poses, 1, "call", size, norm="instance")
compare(file, "norms.discriminator", network, own, geometry, ["source", "image"])

# The sizes of the published networks.
with torch.device("meta"):
    for name, network in {
        "128x64": Generator(18, [64, 128, 256, 512, 512, 512], "parts"),
        "256x256": Generator(18, [64, 128, 256, 512, 512, 512, 512], "parts"),
        "stn": Generator(18, [64, 128, 256, 512, 512, 512], "stn", points=36),
        "none": Generator(18, [64, 128, 256, 512, 512, 512], None),
        "call": Discriminator(18, 64, "call", (128, 64)),
    }.items():
        print(name, sum(parameter.numel() for parameter in network.parameters()))
file.save(__file__)
