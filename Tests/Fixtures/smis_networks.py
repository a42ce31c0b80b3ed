"""The networks of GroupDNet and its rivals in PyTorch, with the names of published checkpoints."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm


def conv(before, after, kernel=3, stride=1, padding=None, groups=1, bias=True, spectral=False):
    layer = nn.Conv2d(
        before, after, kernel, stride, kernel // 2 if padding is None else padding, groups=groups,
        bias=bias)
    return spectral_norm(layer) if spectral else layer


class Norm(nn.Module):
    """Conditional group normalisation in its three published forms, and in the printed one."""

    def __init__(
        self, channels, groups, variant, classes, planes, hidden, kind="batch", printed=False,
        spectral=False, act=None):
        super().__init__()
        self.printed = printed
        self.param_free_norm = {
            "batch": lambda: nn.BatchNorm2d(channels, affine=printed),
            "group": lambda: nn.GroupNorm(classes, channels),
            "none": nn.Identity,
        }[kind]()
        outer, inner = groups, groups
        if variant == "cityscapes":
            hidden, outer, inner = classes * groups, classes, classes
        if variant == "ade20k":
            hidden, outer = classes * (2 if classes % groups == 0 else groups), classes
        first = conv(planes, hidden, groups=outer, spectral=spectral)
        self.mlp_shared = nn.Sequential(first, nn.ReLU())
        self.mlp_gamma = conv(hidden, channels, groups=inner, spectral=spectral)
        self.mlp_beta = conv(hidden, channels, groups=inner, spectral=spectral)

    def forward(self, x, seg):
        seg = F.interpolate(seg, size=x.shape[2:], mode="nearest")
        hidden = self.mlp_shared(seg)
        gamma = self.mlp_gamma(hidden)
        return self.param_free_norm(x) * (gamma if self.printed else 1 + gamma) + self.mlp_beta(hidden)


class Block(nn.Module):
    def __init__(self, before, after, groups, spectral=True, **form):
        super().__init__()
        middle = min(before, after)
        self.act = form.get("act") or (lambda x: F.leaky_relu(x, 0.2))
        form = dict(form, spectral=spectral == "all")
        self.conv_0 = conv(before, middle, groups=groups, spectral=spectral)
        self.conv_1 = conv(middle, after, groups=groups, spectral=spectral)
        self.norm_0 = Norm(before, groups, **form)
        self.norm_1 = Norm(middle, groups, **form)
        if before != after:
            self.conv_s = conv(before, after, 1, groups=groups, bias=False, spectral=spectral)
            self.norm_s = Norm(before, groups, **form)

    def forward(self, x, seg):
        shortcut = self.conv_s(self.norm_s(x, seg)) if hasattr(self, "conv_s") else x
        y = self.conv_0(self.act(self.norm_0(x, seg)))
        return shortcut + self.conv_1(self.act(self.norm_1(y, seg)))


class Decoder(nn.Module):
    """`channels` before each block and after the last; `first` is the layer that it begins with.

    The block `up_4` of `spare` channels is called with seven doublings only; the published network of
    ADE20K holds it without calling it.
    """

    def __init__(self, first, channels, groups, size, doublings, spare=None, spectral=True, **form):
        super().__init__()
        self.fc = first
        names = ["head_0", "G_middle_0", "G_middle_1", "up_0", "up_1", "up_2", "up_3"]
        for name, before, after, group in zip(names, channels, channels[1:], groups):
            self.add_module(name, Block(before, after, group, spectral, **form))
        if spare:
            self.up_4 = Block(*spare, 1, spectral, **form)
        if doublings > 6:
            names.append("up_4")
        last = spare[1] if doublings > 6 else channels[7]
        self.conv_img = conv(last, 3, spectral=spectral == "all")
        self.size = size
        self.steps = list(zip(names, [0, 1, doublings > 5, 1, 1, 1, 1, 1]))

    def features(self, z, seg):
        if isinstance(self.fc, nn.Linear):
            x = self.fc(z).view(len(z), -1, *self.size)
        elif z is None:
            x = self.fc(F.interpolate(seg, size=self.size, mode="nearest"))
        else:
            x = self.fc(z if z.dim() == 4 else z[:, :, None, None].expand(-1, -1, *self.size))
        for name, doubles in self.steps:
            x = getattr(self, name)(F.interpolate(x, scale_factor=2) if doubles else x, seg)
        return F.leaky_relu(x, 0.2)

    def forward(self, z, seg):
        return torch.tanh(self.conv_img(self.features(z, seg)))


class MulNet(nn.Module):
    """A decoder a class, which sees its own code and mask; convolutions make one image of them."""

    def __init__(self, decoders, width):
        super().__init__()
        for decoder in decoders:
            last = decoder.conv_img.in_channels
            decoder.conv_img = None
        self.decoders = nn.ModuleList(decoders)
        self.fusion = nn.ModuleList(
            [conv(last * len(decoders), width), conv(width, width), conv(width, 3)])

    def forward(self, z, seg):
        parts = zip(self.decoders, z.split(8, 1), seg.split(1, 1))
        x = self.fusion[0](torch.cat([decoder.features(code, m) for decoder, code, m in parts], 1))
        for layer in self.fusion[1:]:
            x = layer(F.leaky_relu(x, 0.2))
        return torch.tanh(x)


def split(image, planes, crops=True):
    """One image a class, with the box around its pixels stretched to the whole."""
    parts = []
    for c in range(planes.shape[1]):
        masked = image * planes[:, c:c + 1]
        for n in range(len(image) if crops else 0):
            part = masked[n]
            rows = (part.sum((0, 2)) != 0).nonzero()
            columns = (part.sum((0, 1)) != 0).nonzero()
            if len(rows) == 0 or len(columns) == 0:
                masked[n] = 0
                continue
            box = part[None, :, rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
            masked[n] = F.interpolate(box, size=part.shape[1:], mode="nearest")[0]
        parts.append(masked)
    return torch.cat(parts, 1)


class Encoder(nn.Module):
    def __init__(
        self, before, width, codes, halvings, groups=1, head="map", side=0, norm="instance",
        spectral="inner"):
        super().__init__()
        channels = [before] + [width << min(i, 3) for i in range(halvings)]
        for i, (a, b) in enumerate(zip(channels, channels[1:])):
            kind = nn.InstanceNorm2d(b) if norm == "instance" else nn.GroupNorm(8, b)
            layer = conv(a, b, stride=2, groups=groups, bias=False, spectral=True)
            self.add_module(f"layer{i + 1}", nn.Sequential(layer, kind))
        self.halvings, self.head = halvings, head
        for name in ["fc_mu", "fc_var"]:
            if head == "linear":
                layer = nn.Linear(channels[-1] * side * side, codes)
            else:
                layer = conv(channels[-1], codes, 3 if head == "map" else 1, groups=groups)
            layer = spectral_norm(layer) if spectral == "all" else layer
            self.add_module(name, layer)

    def forward(self, x):
        for i in range(self.halvings):
            x = F.leaky_relu(getattr(self, f"layer{i + 1}")(x), 0.2)
        if self.head == "pooled":
            x = x.mean((2, 3), keepdim=True)
        if self.head == "linear":
            x = x.flatten(1)
        mu, logvar = self.fc_mu(x), self.fc_var(x)
        return (mu.flatten(1), logvar.flatten(1)) if self.head == "pooled" else (mu, logvar)


class Scale(nn.Module):
    def __init__(self, before, width, verdicts=1, spectral="inner"):
        super().__init__()
        leaky, everywhere = nn.LeakyReLU(0.2), spectral == "all"
        self.model0 = nn.Sequential(conv(before, width, 4, 2, 2, spectral=everywhere), leaky)
        for i, stride in [(1, 2), (2, 2), (3, 1)]:
            a, b = width << (i - 1), width << i
            inner = conv(a, b, 4, stride, 2, bias=False, spectral=True)
            self.add_module(
                f"model{i}",
                nn.Sequential(nn.Sequential(inner, nn.InstanceNorm2d(b)), leaky))
        self.model4 = nn.Sequential(conv(8 * width, verdicts, 4, 1, 2, spectral=everywhere))

    def forward(self, x):
        outputs = []
        for i in range(5):
            outputs.append(getattr(self, f"model{i}")(outputs[-1] if outputs else x))
        return outputs


class Discriminator(nn.Module):
    def __init__(self, before, width, scales=2, **form):
        super().__init__()
        for i in range(scales):
            self.add_module(f"discriminator_{i}", Scale(before, width, **form))

    def forward(self, x):
        outputs = []
        for scale in self.children():
            if outputs:
                x = F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
            outputs.append(scale(x))
        return outputs
