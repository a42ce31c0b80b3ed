"""Measures the workbench beside PyTorch, both programs in turns with equal threads.

    Benchmarks/bench.py [--quick] [--only PREFIX]... [--list]

Prints a table and keeps `Benchmarks/results.json` up to date: measurements that were not run this time
stay. The peer is the fastest of PyTorch's eager NCHW, eager channels-last and torch.compile. Both programs
start from the same numbers; training steps must report the same losses after five steps, ops the same
results and gradients, or the measurement fails. `make bench` calls this with everything set up.
"""

import argparse
import importlib.metadata
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from document import processor

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = os.path.join(HERE, "rows.json")
RESULTS = os.path.join(HERE, "results.json")
TOLERANCE = 1e-3
OURS = "workbench"
ROUNDED = "bfloat16"


class Program:
    """A child process that answers lines with lines of JSON."""

    def __init__(self, command, threads, reports=True):
        self.begin = time.perf_counter()
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        # What torch.compile has made is found again in the next run.
        environment.setdefault("TORCHINDUCTOR_CACHE_DIR", os.path.join(HERE, ".venv/compiled"))
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
            stderr=None if reports else subprocess.DEVNULL,
        )

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.options = options
        with open(ROWS) as file:
            rows = json.load(file)
        self.rows = [row["name"] for row in rows]
        # Bytes that a row's forward pass moves at least, where that is what takes its time.
        self.bytes = {row["name"]: transferred(row) for row in rows if "transfers" in row}
        self.steps = {
            "translation step 256x256 batch 4": ("translation", ["--levels", "8", "--batch", "4"]),
            "dcgan step 32x32 batch 64": ("dcgan", ["--batch", "64"]),
        }
        self.papers = {
            "GroupDNet step 128x128 batch 4": ("groupdnet", ["--task", "groupdnet"]),
            "SPADE step 128x128 batch 2, 151 labels": ("spade", ["--task", "spade"]),
            "pix2pixHD step 128x256 batch 1": ("pix2pixhd", ["--task", "pix2pixhd"]),
        }
        self.scaling = {
            f"scaling, translation step {1 << levels}x{1 << levels} batch {batch}": (
                "translation", ["--levels", str(levels), "--rate", "2e-6", "--batch", str(batch)])
            for levels in [6, 7, 8] for batch in [1, 2, 4, 8]
        }  # fmt: skip
        self.forwards = ["GroupDNet forward 256x256, 109 M parameters"]
        self.names = [*self.steps, *self.papers, *self.forwards, *self.rows, *self.scaling]
        self.variants = ["nchw", "nhwc"] + ["compiled"] * self.can_compile()
        self.record = []
        self.failures = []
        command = ["git", "-C", HERE, "rev-parse", "--short", "HEAD"]
        commit = subprocess.run(command, capture_output=True, text=True).stdout.strip()
        self.when = {
            "date": time.strftime("%Y-%m-%d"), "commit": commit, "processor": processor(),
            "threads": options.threads, "pytorch": importlib.metadata.version("torch"),
        }  # fmt: skip

    def can_compile(self):
        if self.options.quick:
            return False
        compiler = os.environ.get("CXX", "g++")
        if shutil.which(compiler) or shutil.which("clang++"):
            return True
        print("torch.compile is left out: it needs a C++ compiler, and there is none.")
        return False

    def wanted(self, name):
        prefixes = self.options.only
        return any(name.startswith(p) for p in prefixes) if prefixes else True

    def python(self, script, *arguments):
        return [sys.executable, os.path.join(HERE, "pytorch", script), *arguments]

    def run(self):
        self.head()
        for name, (task, sizes) in self.steps.items():
            if self.wanted(name):
                self.step(name, task, sizes, self.variants, rounds_off=True)
        for name, (task, sizes) in self.papers.items():
            if self.wanted(name):
                self.step(name, task, sizes, self.variants, script="labelmaps.py", rounds_off=True)
        for name in self.forwards:
            if self.wanted(name):
                self.forward(name)
        rows = [name for name in self.rows if self.wanted(name)]
        if rows:
            self.ops(rows)
        # Many sizes: the variant that is fastest at one of them stands for all.
        for name, (task, sizes) in self.scaling.items():
            if self.wanted(name) and not (self.options.quick and not self.options.only):
                self.step(name, task, sizes, ["nhwc"], per_image=int(sizes[-1]))

    # Training steps

    def step(self, name, task, sizes, variants, script=None, per_image=None, rounds_off=False):
        options, script = self.options, script or f"{task}.py"
        with tempfile.TemporaryDirectory() as folder:
            start = os.path.join(folder, "start.safetensors")
            subprocess.run(self.python(script, "create", start, *sizes), check=True)
            weights = weights_mib(start)
            commands = {OURS: [options.program, task, start]}
            for variant in variants:
                run = ["run", start, "--variant", variant, "--threads", str(options.threads)]
                commands[variant] = self.python(script, *run)
            programs, first, losses, seconds, last = {}, {}, {}, {}, {}
            reference = None
            if variants[0] != "nchw":
                run = ["run", start, "--variant", "nchw", "--threads", str(options.threads)]
                reference = self.first_losses(self.python(script, *run))
            # One after the other up to the first step, so that each has the machine for itself.
            for kind, command in commands.items():
                program = Program(command, options.threads)
                try:
                    found = program.read()
                except RuntimeError as error:
                    if kind != "compiled":
                        raise
                    print(f"torch.compile is left out: {error}")
                    continue
                programs[kind], first[kind] = program, [time.perf_counter() - program.begin]
                losses[kind], seconds[kind] = found["losses"], []
            for kind, program in programs.items():
                losses[kind] += program.ask(4)["losses"]
            # Memory that the system has at hand makes much of a first step: more starts, in turns.
            for _ in range(0 if per_image else 4):
                for kind in [k for k in programs if k != "compiled"]:
                    program = Program(commands[kind], options.threads)
                    program.read()
                    first[kind].append(time.perf_counter() - program.begin)
                    program.close()
            first = {kind: statistics.median(found) for kind, found in first.items()}
            if rounds_off:
                programs[ROUNDED], seconds[ROUNDED] = Program([*commands[OURS], ROUNDED], options.threads), []
                programs[ROUNDED].read()
                programs[ROUNDED].ask(1)
            rounds, count = (2, 2) if options.quick or per_image else (5, 3)
            for _ in range(rounds):
                for kind, program in programs.items():
                    last[kind] = program.ask(count)
                    seconds[kind] += last[kind]["seconds"]
            profile = None if per_image else programs[OURS].ask("profile")
            for program in programs.values():
                program.close()
        medians = {kind: statistics.median(values) for kind, values in seconds.items()}
        peers = {kind: value for kind, value in medians.items() if kind in variants}
        peer = min(peers, key=peers.get)
        agreement = self.compare(name, losses[OURS], reference or losses["nchw"])
        self.add(
            name, medians[OURS], medians[peer], peer, oursPeakMiB=last[OURS]["peakMiB"],
            peerPeakMiB=last[peer]["peakMiB"], oursFirstStep=first[OURS], peerFirstStep=first[peer],
            peers=peers, weightsMiB=weights,
            lossDifferenceAfter5=agreement, fusedPasses=last[OURS]["passes"],
            poolAllocations=last[OURS]["poolAllocations"], pageFaults=last[OURS]["pageFaults"],
            **({"bfloat16": medians[ROUNDED]} if rounds_off else {}),
        )
        notes = f"losses agree to {agreement:.1e} after 5 steps, {last[OURS]['passes']} fused passes, "
        notes += f"{last[OURS]['poolAllocations']} blocks and {last[OURS]['pageFaults']} pages from the system"
        if profile:
            notes += "\n    " + self.shares(profile)
        if rounds_off:
            notes += f"\n    in bfloat16 {medians[ROUNDED] / medians[OURS]:.2f} of that"
        if per_image:
            notes += f"; {medians[OURS] / per_image * 1e3:.1f} ms an image"
        print(f"    {notes}")

    def forward(self, name):
        """Passes of one image through a network at its published size."""
        options = self.options
        commands = {OURS: [options.program, "forward", "groupdnet"]}
        for variant in self.variants:
            run = ["forward", "--variant", variant, "--threads", str(options.threads)]
            commands[variant] = self.python("labelmaps.py", *run)
        programs, seconds, last = {}, {kind: [] for kind in commands}, {}
        for kind, command in commands.items():
            programs[kind] = Program(command, options.threads)
            programs[kind].read()
        for _ in range(2 if options.quick else 5):
            for kind, program in programs.items():
                last[kind] = program.ask(2)
                seconds[kind] += last[kind]["seconds"]
        for program in programs.values():
            program.close()
        medians = {kind: statistics.median(values) for kind, values in seconds.items()}
        peer = min((kind for kind in medians if kind != OURS), key=medians.get)
        self.add(
            name, medians[OURS], medians[peer], peer, oursPeakMiB=last[OURS]["peakMiB"],
            peerPeakMiB=last[peer]["peakMiB"], peers={k: v for k, v in medians.items() if k != OURS},
            isForward=True)

    def shares(self, profile):
        """Where our step's time goes, by kind of op."""
        record, kinds, seconds = self.record[-1], profile["kinds"], profile["seconds"]
        convolution = kinds.get("convolution", 0)
        rest = seconds - convolution - kinds.get("product", 0)
        record["shares"] = {kind: value / seconds for kind, value in kinds.items()}
        record["convolutionOverAlone"] = convolution / profile["convolutionsAlone"]
        record["shareBesideConvolutionAndProduct"] = rest / seconds
        shares = sorted(record["shares"].items(), key=lambda entry: -entry[1])
        words = ", ".join(f"{kind} {share:.1%}" for kind, share in shares)
        return words + f"; convolutions {record['convolutionOverAlone']:.2f} of their time alone"

    def first_losses(self, command):
        """The losses of a program's first five steps."""
        program = Program(command, self.options.threads)
        losses = program.read()["losses"] + program.ask(4)["losses"]
        program.close()
        return losses

    def compare(self, name, ours, reference):
        """The greatest difference of our losses from PyTorch's in the fifth step, relative where above 1.

        From those of its plain NCHW, whose gradients are nearest to double precision. Its other variants
        may themselves be 1e-3 away by then: a leaky ReLU's sign that rounding turns is enough.
        """
        fifth = ours[4]
        worst = max(abs(fifth[k] - v) / max(1, abs(v)) for k, v in reference[4].items())
        if worst > TOLERANCE:
            self.fail(f"{name}: losses differ by {worst:.2e}: {json.dumps([ours, reference])}")
        return worst

    # Single ops

    def ops(self, names):
        options = self.options
        ours = Program([options.program, "rows", ROWS], options.threads)
        threads = ["--threads", str(options.threads)]
        variants = ["--variants", *self.variants]
        peer = Program(self.python("rows.py", ROWS, *threads, *variants), options.threads)
        visits, seconds = (2, 0.2) if options.quick else (3, 0.5)
        for name in names:
            request = json.dumps({"name": name, "seconds": seconds})
            here, there = [], []
            for _ in range(visits):
                here.append(ours.ask(request))
                there.append(peer.ask(request)["variants"])
            self.check(name, here[0], there[0])
            for key, suffix in [("forward", "forward"), ("training", "forward and backward")]:
                if key not in here[0]:
                    continue
                medians = {v: statistics.median(t[v][key] for t in there) for v in there[0]}
                kind = min(medians, key=medians.get)
                mine = statistics.median(found[key] for found in here)
                self.add(f"{name}, {suffix}", mine, medians[kind], kind, peers=medians)
            self.bandwidth(name)
        ours.close()
        peer.close()

    def check(self, name, ours, peers):
        for variant, theirs in peers.items():
            assert len(ours["checks"]) == len(theirs["checks"]), (name, ours, theirs)
            for a, b in zip(ours["checks"], theirs["checks"]):
                if abs(a - b) > TOLERANCE * max(abs(b), 1e-6):
                    self.fail(f"{name}: the programs differ: {ours['checks']} {theirs['checks']}")

    def bandwidth(self, name):
        """Says which share of a plain copy's bytes per second a pass reaches."""
        copy = next(name for name in self.bytes if name.startswith("copy"))
        if name not in self.bytes or name == copy:
            return
        records = {r["name"]: r for r in self.earlier() + self.record}
        copied = records.get(f"{copy}, forward")
        if not copied:
            return
        record = records[f"{name}, forward"]
        seconds = self.bytes[name] / self.bytes[copy] * min(copied["ours"], copied["peer"])
        record["shareOfCopy"] = seconds / record["ours"]
        print(f"    {record['shareOfCopy']:.0%} of the bytes per second of a plain copy")

    def fail(self, message):
        self.failures.append(message)
        print(message)

    # Records

    def earlier(self):
        if not os.path.exists(RESULTS):
            return []
        with open(RESULTS) as file:
            return json.load(file)

    def head(self):
        print(f"{'':58}      here   PyTorch            ratio")

    def add(self, name, ours, peer, kind, **more):
        empty = dict.fromkeys(["oursPeakMiB", "peerPeakMiB", "oursFirstStep", "peerFirstStep"])
        record = {"name": name, "ours": ours, "peer": peer, "peerKind": kind, "ratio": ours / peer}
        self.record.append({**record, **empty, **self.when, **more})
        memory = ""
        if more.get("oursPeakMiB"):
            memory = f"   {more['oursPeakMiB']:.0f} / {more['peerPeakMiB']:.0f} MiB"
        if more.get("oursFirstStep"):
            memory += f"   first step {more['oursFirstStep']:.2f} / {more['peerFirstStep']:.2f} s"
        print(f"{name:58} {figure(ours)} {figure(peer)} {kind:9} {ours / peer:7.3f}{memory}", flush=True)

    def write(self):
        new = {record["name"]: record for record in self.record}
        old = {record["name"]: record for record in self.earlier()}
        merged = {**old, **new}

        def place(name):
            stem = name.removesuffix(", forward").removesuffix(", forward and backward")
            return self.names.index(stem) if stem in self.names else -1

        kept = [merged[name] for name in sorted(merged, key=lambda n: (place(n), n)) if place(name) >= 0]
        with open(RESULTS + ".new", "w") as file:
            json.dump([rounded(record) for record in kept], file, indent=1)
            file.write("\n")
        os.replace(RESULTS + ".new", RESULTS)


def transferred(row):
    """Bytes of `transfers` arrays of the size of a row's first input."""
    shape = next(iter(row["inputs"][0].values()))
    return 4 * row["transfers"] * math.prod(shape)


def weights_mib(file):
    """Mebibytes of the networks in a file of first weights, which names them after G, D or E."""
    with open(file, "rb") as data:
        header = json.loads(data.read(int.from_bytes(data.read(8), "little")))
    spans = [entry["data_offsets"] for name, entry in header.items() if name[:2] in ("G.", "D.", "E.")]
    return sum(end - start for start, end in spans) / 0x100000


def figure(seconds):
    return f"{seconds:8.3f} s" if seconds >= 1 else f"{seconds * 1e3:7.3f} ms"


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    program = os.path.join(HERE, "../.build-bench/release/Benchmark")
    parser.add_argument("--program", default=program, help="our side")
    parser.add_argument("--only", action="append", help="measurements whose name begins so")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no torch.compile")
    parser.add_argument("--list", action="store_true", help="print the names, measure nothing")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    bench = Bench(options)
    if options.list:
        print("\n".join(bench.names))
        return
    try:
        bench.run()
    finally:
        bench.write()
    if bench.failures:
        raise SystemExit(f"{len(bench.failures)} measurements compare what is not the same, see above")


if __name__ == "__main__":
    main()
