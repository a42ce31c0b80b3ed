"""Times a training step here and in PyTorch, interleaved in one run, and prints the ratio.

    swift build -c release
    python Benchmarks/pytorch/compare_step.py [--rounds 3] [--steps 5] [--program PATH]

Both programs start from the same weights and batch, take the same steps without dropout, and must
report the same losses; they take turns, so that a noisy machine disturbs both alike. The peer is the
faster of PyTorch's eager NCHW and channels-last. Needs torch and safetensors.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
STEP = os.path.join(HERE, "pix2pix_step.py")


def lines(command):
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in found.splitlines() if line.startswith("{")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    program = os.path.join(HERE, "../../.build/release/TranslationStepBenchmark")
    parser.add_argument("--program", default=program)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--levels", type=int, default=8)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--batch", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start = os.path.join(folder, "start.safetensors")
        sizes = ["--levels", options.levels, "--width", options.width, "--batch", options.batch]
        subprocess.run([sys.executable, STEP, "create", start, *map(str, sizes)], check=True)
        seconds, losses = {}, {}
        for _ in range(options.rounds):
            found = lines([options.program, start, str(options.steps), "0"])
            peer = ["time", start, "--steps", str(options.steps), "--dropout", "0"]
            found += lines([sys.executable, STEP, *peer, "--variant", "nchw", "nhwc"])
            for record in found:
                seconds.setdefault(record["variant"], []).append(record["medianSeconds"])
                losses[record["variant"]] = record["losses"]
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    ours = medians["workbench"]
    peer = min((value, name) for name, value in medians.items() if name != "workbench")
    for name, value in sorted(medians.items()):
        print(f"{name:10}  {value:.3f} s  first losses {losses[name][0]}")
    print(f"ours / best PyTorch ({peer[1]}): {ours / peer[0]:.3f}")


if __name__ == "__main__":
    main()
