"""The work of ConvolutionBenchmark in PyTorch, channels last: python convolution.py [rounds] [name prefix]

With OMP_NUM_THREADS=1 it counts the processor time of its thread, which a busy machine disturbs little.
"""

import os
import sys
import time

import torch

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
prefix = sys.argv[2] if len(sys.argv) > 2 else ""
threads = int(os.environ.get("OMP_NUM_THREADS", "2"))
now = time.thread_time if threads == 1 else time.perf_counter
widths = [3, 64, 128, 256, 512, 512, 512, 512, 512]
layers = [
    (f"down{i + 1}", (4, widths[i], 256 >> i, 256 >> i), (widths[i + 1], widths[i], 4, 4), 2, 1, False)
    for i in range(8)
]
for i in range(8):
    ins = 512 if i == 0 else 2 * widths[8 - i]
    layers.append((f"up{i + 1}", (4, ins, 1 << i, 1 << i), (ins, widths[7 - i], 4, 4), 2, 1, True))
layers += [
    ("patch1", (4, 6, 256, 256), (64, 6, 4, 4), 2, 1, False),
    ("patch2", (4, 64, 128, 128), (128, 64, 4, 4), 2, 1, False),
    ("patch3", (4, 128, 64, 64), (256, 128, 4, 4), 2, 1, False),
    ("patch4", (4, 256, 32, 32), (512, 256, 4, 4), 1, 1, False),
    ("patch5", (4, 512, 31, 31), (1, 512, 4, 4), 1, 1, False),
    ("g1", (16, 128, 1, 1), (128, 512, 4, 4), 1, 0, True),
    ("g2", (16, 512, 4, 4), (512, 256, 4, 4), 2, 1, True),
    ("g3", (16, 256, 8, 8), (256, 128, 4, 4), 2, 1, True),
    ("g4", (16, 128, 16, 16), (128, 64, 4, 4), 2, 1, True),
    ("g5", (16, 64, 32, 32), (64, 3, 4, 4), 2, 1, True),
    ("d1", (16, 3, 64, 64), (64, 3, 4, 4), 2, 1, False),
    ("d2", (16, 64, 32, 32), (128, 64, 4, 4), 2, 1, False),
    ("d3", (16, 128, 16, 16), (256, 128, 4, 4), 2, 1, False),
    ("d4", (16, 256, 8, 8), (512, 256, 4, 4), 2, 1, False),
    ("d5", (16, 512, 4, 4), (1, 512, 4, 4), 1, 0, False),
    ("3x3 512@16", (8, 512, 16, 16), (512, 512, 3, 3), 1, 1, False),
    ("3x3 256@32", (8, 256, 32, 32), (256, 256, 3, 3), 1, 1, False),
    ("3x3 128@64", (8, 128, 64, 64), (128, 128, 3, 3), 1, 1, False),
    ("3x3 64@128", (8, 64, 128, 128), (64, 64, 3, 3), 1, 1, False),
    ("labels 13@128", (8, 13, 128, 128), (128, 13, 3, 3), 1, 1, False),
    ("to 3@128", (8, 64, 128, 128), (3, 64, 3, 3), 1, 1, False),
    ("7x7 to 3@128", (4, 64, 128, 128), (3, 64, 7, 7), 1, 3, False),
    ("1x1 256@32", (8, 256, 32, 32), (256, 256, 1, 1), 1, 0, False),
]


def best(body):
    body()
    times = []
    for _ in range(rounds):
        start = now()
        body()
        times.append(now() - start)
    return min(times)


torch.set_num_threads(threads)
total = 0
print("           layer      forward          for x        for weight   (ms, GFLOP/s)")
for name, image, weight, stride, padding, transposed in layers:
    if not name.startswith(prefix):
        continue
    x = torch.randn(image).to(memory_format=torch.channels_last)
    w = torch.randn(weight).to(memory_format=torch.channels_last)
    settings = ([stride] * 2, [padding] * 2, [1, 1], transposed, [0, 0], 1)
    y = torch.ops.aten.convolution(x, w, None, *settings)
    pixels = image if transposed else y.shape
    operations = 2 * pixels[0] * pixels[2] * pixels[3] * w.numel()
    backward = lambda mask: torch.ops.aten.convolution_backward(y, x, w, [0], *settings, mask)
    line = name.rjust(16)
    for body in (
        lambda: torch.ops.aten.convolution(x, w, None, *settings),
        lambda: backward([True, False, False]),
        lambda: backward([False, True, False]),
    ):
        seconds = best(body)
        total += seconds
        line += f"{seconds * 1e3:10.3f}{operations / seconds / 1e9:6.0f}"
    print(line, flush=True)
print(f"total {total * 1e3:.1f} ms")
