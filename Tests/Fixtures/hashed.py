"""Numbers that are computed from a name, the same here and in Tests/TestSupport/HashedNumbers.swift.

Fixtures of large networks then hold what comes out only, not weights and inputs.
"""

import numpy as np
import torch


def unit(name, count):
    """`count` numbers in 0..<1."""
    phase = 0
    for byte in name.encode():
        phase = (phase * 31 + byte) % 2**32
    h = ((np.arange(count, dtype=np.uint64) + 1) * 2654435761 + phase * 97) % 2**32
    h ^= h >> 15
    h = h * 2246822519 % 2**32
    h ^= h >> 13
    h = h * 3266489917 % 2**32
    h ^= h >> 16
    return h.astype(np.float64) / 2**32


def numbers(name, shape, scale=1.0):
    """Single-precision numbers in -scale...scale, ordered as the shape is, in the default type."""
    count = int(np.prod(shape))
    values = (unit(name, count) * 2 - 1) * scale
    values = torch.tensor(values.astype(np.float32))
    return values.to(torch.get_default_dtype()).reshape(shape)


def images(name, count, height, width, channels=3):
    """Images in -1...1, channels first; numbers are ordered channels last."""
    return numbers(name, (count, height, width, channels)).permute(0, 3, 1, 2).contiguous()


def labels(name, count, height, width, classes, block=4):
    """Labels in squares of `block` pixels."""
    small = np.floor(unit(name, count * (height // block) * (width // block)) * classes)
    small = torch.tensor(small).long().reshape(count, height // block, width // block)
    return small.repeat_interleave(block, 1).repeat_interleave(block, 2)


def fill(prefix, network):
    """Gives every weight numbers of a size that suits its fan-in, and power iterations unit vectors."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            fan = parameter[0].numel() if parameter.dim() > 1 else 75
            parameter.copy_(numbers(f"{prefix}.{name}", parameter.shape, (3 / fan) ** 0.5))
        for name, buffer in network.named_buffers():
            if name.endswith(("weight_u", "weight_v")):
                draws = numbers(f"{prefix}.{name}", buffer.shape)
                buffer.copy_(draws / draws.norm())


def thinned(x, count=48):
    """At most `count` of the numbers, evenly spaced, with their norm before them."""
    flat = x.detach().reshape(-1)
    step = max(1, -(-flat.numel() // count))
    return torch.cat([flat.norm().reshape(1), flat[::step]])


def last(x):
    """Channels last."""
    return x.permute(0, 2, 3, 1).contiguous() if x.dim() == 4 else x
