"""Writes the table of Documentation/Agreement.md.

Usage: agreement.py FILE, in the repository's root, where FILE is what the tests noted in
$WORKBENCH_ERRORS: a line for each comparison with a reference, "subject<TAB>item<TAB>difference".
"""

import pathlib
import sys

begin, end = "<!-- begin of the table -->\n", "<!-- end of the table -->\n"


def cell(errors):
    return f"{len(errors)} | {max(errors):.1e}" if errors else "| "


subjects = {}
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    subject, item, error = line.split("\t")
    kinds = subjects.setdefault(subject, ([], []))
    kinds[item.startswith("gradient")].append(float(error))

rows = ["| what | outputs | worst | gradients | worst |", "| --- | --- | --- | --- | --- |"]
rows += [f"| {name} | {cell(outputs)} | {cell(slopes)} |" for name, (outputs, slopes) in sorted(subjects.items())]
document = pathlib.Path("Documentation/Agreement.md")
text = document.read_text()
head, rest = text.split(begin)
document.write_text(head + begin + "\n" + "\n".join(rows) + "\n\n" + end + rest.split(end)[1])
