"""Writes Documentation/Results.md from results.json: python Benchmarks/document.py
"""

import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def processor():
    with open("/proc/cpuinfo") as file:
        lines = [line.split(":", 1) for line in file if ":" in line]
    fields = {key.strip(): value.strip() for key, value in reversed(lines)}
    widest = next((w for w in ["avx512f", "avx2"] if w in fields.get("flags", "")), "no AVX2")
    return f"{fields.get('model name', 'unknown')} (family {fields.get('cpu family')}, {widest})"


def time_of(seconds):
    return f"{seconds:.3f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " --: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def dates(records):
    """What was measured when, the newest first."""
    found = {}
    for r in records:
        found.setdefault((r["date"], r["commit"], r["processor"]), []).append(r)
    parts = [
        f"{len(group)} of {len(records)} measurements on {date}, commit {commit}, {processor}"
        for (date, commit, processor), group in sorted(found.items(), reverse=True)
    ]
    return "; ".join(parts)


def date(records):
    """The date of a table, or both ends."""
    days = sorted({r["date"] for r in records})
    return f"*Measured on {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "") + ".*"


def versions(records):
    """Which PyTorch was measured beside us, with how many threads."""
    torch = sorted({r["pytorch"].split("+")[0] for r in records})
    threads = sorted({str(r["threads"]) for r in records})
    return f"PyTorch {' and '.join(torch)}", f"{' or '.join(threads)} threads"


def steps(records):
    rows = []
    for r in records:
        rows.append([
            r["name"], time_of(r["ours"]), f"{time_of(r['peer'])} ({r['peerKind']})", f"{r['ratio']:.2f}",
            f"{r['bfloat16'] / r['peer']:.2f} ({r['bfloat16'] / r['ours']:.2f})",
            f"{r['oursPeakMiB']:.0f} / {r['peerPeakMiB']:.0f}",
            f"{r['oursFirstStep']:.1f} / {r['peerFirstStep']:.1f} s",
        ])  # fmt: skip
    head = ["step", "here", "PyTorch", "ratio", "in bfloat16", "peak MiB", "first step after"]
    return table(head, rows)


def shares(records):
    rows = []
    for r in records:
        by_kind = ", ".join(f"{k} {v:.1%}" for k, v in sorted(r["shares"].items(), key=lambda e: -e[1]))
        rows.append([
            r["name"], by_kind, f"{r['shareBesideConvolutionAndProduct']:.1%}", f"{r['convolutionOverAlone']:.2f}",
            f"{r['fusedPasses']}", f"{r['poolAllocations']} / {r['pageFaults']}",
        ])  # fmt: skip
    head = ["step", "by kind of op", "beside convolutions and products", "convolutions / alone", "passes",
            "blocks / pages from the system"]  # fmt: skip
    return table(head, rows)


def agreement(records):
    worst = max(r["lossDifferenceAfter5"] for r in records)
    return f"Losses of both programs agree after five steps to {worst:.0e}."


def memory(records):
    """What part of the peak nobody can do without."""
    found = ", ".join(f"{3 * r['weightsMiB']:.0f} MiB of {r['name'].split()[0]}'s" for r in records)
    return f"""Weights and Adam's two moments are {found} peak;
PyTorch holds all gradients as well, a third of that."""


def whole_passes(records):
    rows = []
    for r in records:
        rows.append([
            r["name"], time_of(r["ours"]), f"{time_of(r['peer'])} ({r['peerKind']})", f"{r['ratio']:.2f}",
            f"{r['oursPeakMiB']:.0f} / {r['peerPeakMiB']:.0f}",
        ])  # fmt: skip
    return table(["an image's codes, and the image they give", "here", "PyTorch", "ratio", "peak MiB"], rows)


def ops(records):
    pairs = {}
    for r in records:
        name, direction = r["name"].rsplit(", ", 1)
        pairs.setdefault(name, {})[direction] = r
    rows = []
    for name, found in pairs.items():
        row = [name]
        for direction in ["forward", "forward and backward"]:
            r = found.get(direction)
            row += [time_of(r["ours"]), time_of(r["peer"]), f"{r['ratio']:.2f}"] if r else ["", "", ""]
        share = found["forward"].get("shareOfCopy")
        rows.append(row + [f"{share:.0%}" if share else ""])
    head = ["op", "forward", "PyTorch", "ratio", "with backward", "PyTorch", "ratio", "of a copy's bandwidth"]
    return table(head, rows)


def scaling(records):
    rows = []
    for r in records:
        size, batch = r["name"].split("step ")[1].split(" batch ")
        images, pixels = int(batch), int(batch) * int(size.split("x")[0]) ** 2
        rows.append([
            size, batch, time_of(r["ours"] / images), f"{r['ours'] / pixels * 1e9:.0f}",
            time_of(r["peer"] / images), f"{r['ratio']:.2f}",
        ])  # fmt: skip
    return table(["side", "batch", "an image here", "ns a pixel", "an image in PyTorch", "ratio"], rows)


def main():
    with open(os.path.join(HERE, "results.json")) as file:
        records = json.load(file)
    trained = [r for r in records if "bfloat16" in r]
    main_steps = [r for r in trained if r["name"].startswith(("translation", "dcgan"))]
    papers = [r for r in trained if r not in main_steps]
    forwards = [r for r in records if "isForward" in r]
    rows = [r for r in records if r["name"].endswith((", forward", ", forward and backward"))]
    compiled = sum("compiled" in r.get("peers", {}) for r in records)
    sizes = [r for r in records if r["name"].startswith("scaling")]
    torch, threads = versions(records)
    page = f"""# Results

What `make bench` measured ({dates(records)}), {threads} for either program. The peer is
the fastest of {torch}'s eager NCHW, eager channels-last and `torch.compile`, the last beside {compiled} of
{len(records) - len(sizes)} measurements (`--quick` leaves it out); by side and batch it is eager channels-last alone. Ratios are our time
divided by the peer's; `in bfloat16` is that of our step under `"precision": "bfloat16"` to PyTorch's in single precision,
and to our own in brackets. [Benchmarks/README.md](../Benchmarks/README.md) says how it is measured.

## Training steps

{date(main_steps)}

{steps(main_steps)}

{shares(main_steps)}

{agreement(main_steps)}

## Training steps of papers

GroupDNet at a quarter of DeepFashion's channels, SPADE and pix2pixHD at their published ones, without perceptual losses.

{date(papers)}

{steps(papers)}

{shares(papers)}

{agreement(papers)} {memory(papers)}

## Networks at their published size

{date(forwards)}

{whole_passes(forwards)}

## Ops

{date(rows)}

{ops(rows)}

## By side and batch

{date(sizes)}

{scaling(sizes)}
"""
    with open(os.path.join(HERE, "../Documentation/Results.md"), "w") as file:
        file.write(page)


if __name__ == "__main__":
    main()
