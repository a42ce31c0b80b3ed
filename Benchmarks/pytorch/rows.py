"""Times the ops of rows.json in PyTorch: python rows.py rows.json --variants nchw nhwc compiled

Reads lines {"name": …, "seconds": …}; answers each with medians per variant, and with the mean absolute
value of the result and of each gradient, which prove that the other program does the same.
"""

import argparse
import json
import statistics
import sys
import time

import numpy
import torch
import torch.nn.functional as F

from serving import VARIANTS, answer

GRADIENT = ("image", "weight", "plain")


def hashes(count, seed):
    with numpy.errstate(over="ignore"):
        hash = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(2654435761)
        hash += numpy.uint32(seed * 7919)
        hash ^= hash >> 16
        hash *= numpy.uint32(0x45D9F3B5)
        return hash ^ hash >> 16


def numbers(shape, seed, scale=1.0):
    values = (hashes(int(numpy.prod(shape)), seed) >> 8).astype(numpy.float32)
    return torch.from_numpy((values / 8388608 - 1) * numpy.float32(scale)).reshape(shape)


def make(row, index):
    """The other program's input, images as [N, C, H, W], labels as one-hot planes."""
    ((kind, shape),) = row["inputs"][index].items()
    if kind == "labels":
        count, classes = int(numpy.prod(shape)), row["classes"]
        labels = (hashes(count, index + 1) >> 8).astype(numpy.uint64) * numpy.uint64(classes) >> numpy.uint64(24)
        labels = torch.from_numpy(labels.astype(numpy.int64)).reshape(shape)
        return F.one_hot(labels, classes).permute(0, 3, 1, 2).float()
    scale = (3 / numpy.prod(shape[1:])) ** 0.5 if kind == "weight" else 1.0
    tensor = numbers(shape, index + 1, scale)
    return tensor.permute(0, 3, 1, 2) if len(shape) == 4 and kind != "weight" else tensor


def normalized(x):
    return F.batch_norm(x, None, None, training=True)


def spectral_norm(row):
    """As torch.nn.utils.spectral_norm: one power iteration a call."""
    ((_, shape),) = row["inputs"][0].items()
    u = F.normalize(numbers([shape[0]], 7), dim=0)

    def apply(weight):
        matrix = weight.flatten(1)
        with torch.no_grad():
            v = F.normalize(torch.mv(matrix.t(), u), dim=0)
            u.copy_(F.normalize(torch.mv(matrix, v), dim=0))
            left = u.clone()
        return weight / torch.dot(left, torch.mv(matrix, v))

    return apply


def lstm(row):
    """Reads both ways, sequences by decreasing length. The layer's weights are differentiated too."""
    ((_, shape),) = row["inputs"][0].items()
    layer = torch.nn.LSTM(shape[2], row["hidden"], batch_first=True, bidirectional=True)
    for index, parameter in enumerate(layer.parameters()):
        parameter.data = numbers(parameter.shape, 10 + index, row["hidden"] ** -0.5)
    lengths = torch.tensor([shape[1] - index // 2 for index in range(shape[0])])

    def apply(x):
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        return torch.nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True)[0]

    apply.parameters = list(layer.parameters())
    return apply


def adam(row):
    ((_, shape),) = row["inputs"][0].items()
    parameters = [numbers(shape, 2).requires_grad_() for _ in range(row["tensors"])]
    optimizer = torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), fused=True)

    def apply(gradient):
        for parameter in parameters:
            parameter.grad = gradient.detach()
        optimizer.step()
        return parameters[0].detach()

    return apply


def copy(row):
    target = []

    def apply(x):
        if not target:
            target.append(torch.empty_like(x))
        return target[0].copy_(x)

    return apply


def attention(regions, words):
    return torch.bmm(torch.bmm(regions, words.transpose(1, 2)).softmax(-1), words)


def cross_entropy(real, fake):
    bce = F.binary_cross_entropy_with_logits
    return bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))


def operation(row):
    stride, padding, groups = row.get("stride", 1), row.get("padding", 0), row.get("groups", 1)
    made = {"adam": adam, "lstm": lstm, "spectralNorm": spectral_norm, "copy": copy}
    if row["op"] in made:
        return made[row["op"]](row)
    return {
        "convolution": lambda x, w: F.conv2d(x, w, None, stride, padding, 1, groups),
        "transposedConvolution": lambda x, w: F.conv_transpose2d(x, w, None, stride, padding),
        "labelConvolution": lambda x, w: F.conv2d(x, w, None, 1, padding),
        "upsampledConvolution": lambda x, w: F.conv2d(F.interpolate(x, scale_factor=2), w, None, 1, padding),
        "modulatedNorm": lambda x, g, b: F.leaky_relu(normalized(x) * (1 + g) + b, 0.2, inplace=True),
        "maskedNorm": lambda x, g, b, m: F.relu(normalized(x) * (1 + m * g) + m * b, inplace=True),
        "instanceNorm": lambda x: F.relu(F.instance_norm(x), inplace=True),
        "attention": attention,
        "product": torch.matmul,
        "hinge": lambda r, f: F.relu(1 - r).mean() + F.relu(1 + f).mean(),
        "crossEntropy": cross_entropy,
        "absoluteDifference": F.l1_loss,
        "pass1": lambda x: F.leaky_relu(x * 1.5 + 0.5, 0.2, inplace=True),
        "pass2": lambda x, y: F.leaky_relu(x * y + 0.5, 0.2, inplace=True),
        "pass4": lambda a, b, c, d: F.relu(a * b + c * d, inplace=True),
    }[row["op"]]


def median(seconds, body):
    body()
    found = []
    begin = time.perf_counter()
    while len(found) < 3 or (time.perf_counter() - begin < seconds and len(found) < 1000):
        start = time.perf_counter()
        body()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


class Timed:
    """A row in one variant, ready to be timed as often as wanted."""

    def __init__(self, row, variant):
        self.apply = operation(row)
        own = getattr(self.apply, "parameters", [])
        if variant == "compiled" and row["op"] not in ("adam", "copy", "lstm"):
            self.apply = torch.compile(self.apply, dynamic=False)
        layout = torch.contiguous_format if variant == "nchw" else torch.channels_last
        self.inputs, self.variables, self.cotangent = [], [], None
        for index, entry in enumerate(row["inputs"]):
            ((kind, _),) = entry.items()
            tensor = make(row, index)
            tensor = tensor.contiguous(memory_format=layout) if tensor.dim() == 4 else tensor
            if kind in GRADIENT and row["op"] != "adam":
                self.variables.append(tensor.requires_grad_())
            self.inputs.append(tensor)
        self.variables += own
        output = self.apply(*self.inputs)
        self.checks = [output.abs().mean().item()]
        if not self.variables:
            return
        if output.numel() > 1:
            self.cotangent = cotangent(output, layout, row["op"] == "spectralNorm")
        gradients = torch.autograd.grad(output, self.variables, self.cotangent)
        self.checks += [gradient.abs().mean().item() for gradient in gradients]

    def train(self):
        return torch.autograd.grad(self.apply(*self.inputs), self.variables, self.cotangent)

    def measure(self, seconds):
        record = {"checks": self.checks}
        share = 1 / 3 if self.variables else 1
        record["forward"] = median(seconds * share, lambda: self.apply(*self.inputs))
        if self.variables:
            record["training"] = median(seconds * (1 - share), self.train)
        return record


def cotangent(output, layout, isWeight):
    """The same numbers as the other program's, which lie channels last."""
    if output.dim() != 4 or isWeight:
        return numbers(output.shape, 99)
    images = numbers(output.permute(0, 2, 3, 1).shape, 99).permute(0, 3, 1, 2)
    return images.contiguous(memory_format=layout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--variants", nargs="+", default=VARIANTS, choices=VARIANTS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    with open(options.file) as file:
        rows = {row["name"]: row for row in json.load(file)}
    name, made = None, {}
    for line in sys.stdin:
        wanted = json.loads(line)
        if wanted["name"] != name:
            name, row = wanted["name"], rows[wanted["name"]]
            torch._dynamo.reset()
            hasImages = any(len(shape) > 2 for entry in row["inputs"] for shape in entry.values())
            variants = [v for v in options.variants if hasImages or v != "nhwc"]
            made = {}
            for variant in variants:
                try:
                    made[variant] = Timed(row, variant)
                except torch._dynamo.exc.BackendCompilerFailed as error:
                    print(f"{name}: not compiled: {error}"[:200], file=sys.stderr)
        answer({"name": name, "variants": {v: t.measure(wanted["seconds"]) for v, t in made.items()}})


if __name__ == "__main__":
    main()
