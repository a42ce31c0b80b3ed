"""What the PyTorch programs share: the answers that bench.py asks for."""

import json
import resource
import sys
import time

import torch

VARIANTS = ["nchw", "nhwc", "compiled"]


def answer(record):
    print(json.dumps(record), flush=True)


def settle(variant, threads):
    """Threads, and where images lie channels last: in every variant but plain NCHW."""
    torch.set_num_threads(threads)
    return torch.contiguous_format if variant == "nchw" else torch.channels_last


def serve_steps(step):
    """Takes one step at once, and more whenever a line with their number comes in."""

    def run(count):
        seconds, losses = [], []
        for _ in range(count):
            start = time.perf_counter()
            losses.append(step())
            seconds.append(time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answer({"seconds": seconds, "losses": losses, "peakMiB": peak})

    run(1)
    for line in sys.stdin:
        run(int(line))
