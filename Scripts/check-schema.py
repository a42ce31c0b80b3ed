"""Checks `workbench schema` with a validator that we did not write.

Usage: check-schema.py WORKBENCH, in the repository's root. Needs the packages jsonschema and json5.
The schema has to be a schema, to accept the default experiment and all examples, as written and as
resolved, and to refuse each of them with an unknown key, a value of another type, a number out of
its range or a required key taken away. A sample of these goes to the program as well, which has to
refuse it too.
"""

import copy
import functools
import glob
import json
import random
import subprocess
import sys
import tempfile

import json5
from jsonschema import Draft202012Validator

workbench = sys.argv[1]


def run(*arguments):
    return subprocess.run([workbench, *arguments], capture_output=True, text=True)


def fail(message):
    sys.exit(f"check-schema: {message}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return json5.load(file, allow_duplicate_keys=False)


made = run("schema")
if made.returncode != 0:
    fail(made.stderr)
schema = json.loads(made.stdout)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)


def first_error(experiment):
    error = next(validator.iter_errors(experiment), None)
    return error and f"{error.json_path}: {error.message}"


def containers(value, path=()):
    """Every object and array in a value, with its path."""
    if isinstance(value, (dict, list)):
        yield path, value
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from containers(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(experiment, path, key, value):
    result = copy.deepcopy(experiment)
    at(result, path)[key] = value
    return result


def without(experiment, path, key):
    result = copy.deepcopy(experiment)
    del at(result, path)[key]
    return result


@functools.cache
def settings(component):
    return json.loads(run("inspect", component, "--json").stdout)["settings"]


def bounds(part, key):
    """Numbers outside the range of a setting, as the program itself says it."""
    for setting in settings(part["use"]):
        if setting["name"] == key and "minimum" in setting:
            return [setting["minimum"] - 1, setting["maximum"] + 1]
    return []


def damaged(experiment):
    """What is wrong with it, and the experiment made wrong."""
    for path, value in containers(experiment):
        place = ".".join(map(str, path)) or "the root"
        if isinstance(value, dict):
            yield f"an unknown key in {place}", changed(experiment, path, "xyzzy", 1)
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            # A list of names may be one name as well, and a part the name of one that there is.
            names = isinstance(inner, list) and all(isinstance(name, str) for name in inner)
            part = isinstance(inner, dict) and "use" in inner
            other = 17 if isinstance(inner, str) or names or part else "seventeen"
            yield f"{place}.{key} is {other!r}", changed(experiment, path, key, other)
        if isinstance(value, dict) and "use" in value:
            yield f"{place} without use", without(experiment, path, "use")
            for key in value.get("with", {}):
                for bound in bounds(value, key):
                    bad = changed(experiment, (*path, "with"), key, bound)
                    yield f"{place}.with.{key} is {bound}", bad
    for key in ["dataset"] + ["procedure"] * ("generator" in experiment):
        yield f"no {key}", without(experiment, (), key)


folders = ["Examples", "Examples/published", "Examples/studies/*"]
examples = [path for folder in folders for path in glob.glob(f"{folder}/*.json")]
# What others extend is no whole experiment.
examples = [path for path in examples if not path.endswith("/base.json")]
good = {path: read(path) for path in ["workbench.json", *examples]}
misfit = good.pop("Examples/misfit.json")
if first_error(misfit) is None:
    fail("Examples/misfit.json has an unknown setting and was accepted")

# The experiments of a plugin outside the tree: its ids are unknown here, all else is right.
wider = copy.deepcopy(schema)
for name, definition in wider["$defs"].items():
    if name.startswith("chosen."):
        use = definition["properties"]["use"]
        definition["properties"]["use"] = {"anyOf": [use, {"pattern": "^third-party/"}]}
strangers = sorted(glob.glob("Examples/ThirdPartyPlugin/**/*.json", recursive=True))
for path in strangers:
    stranger = read(path)
    # An adapter is nowhere named: it is inserted where it fits.
    if '"third-party/' in json.dumps(stranger) and first_error(stranger) is None:
        fail(f"{path}: parts of a plugin that is not there were accepted")
    error = next(Draft202012Validator(wider).iter_errors(stranger), None)
    if error:
        fail(f"{path} was refused for more than its own parts: {error.json_path}")
if not strangers:
    fail("there are no experiments of a plugin outside the tree")

for path in list(good):
    resolved = run("resolve", path, "--json")
    if resolved.returncode != 0:
        fail(f"{path} does not resolve: {resolved.stderr}")
    good[f"{path}, resolved"] = json.loads(resolved.stdout)
    good[f"{path}, extended"] = {
        "$schema": "workbench.schema.json",
        "extends": path,
        "training": {"batchSize": 2, "average": None},
        "optimizers": {"generator": {"with": {"learningRate": 0.1}, "schedule": None}},
        "latent": None,
        "losses": [{"use": "essentials/hinge", "weight": 2}],
    }

for name, experiment in good.items():
    error = first_error(experiment)
    if error:
        fail(f"{name} was refused: {error}")

refused = []
for name, experiment in good.items():
    if "extends" in experiment:
        continue
    for fault, bad in damaged(experiment):
        if first_error(bad) is None:
            fail(f"{name} was accepted with {fault}")
        refused.append((f"{name} with {fault}", bad))
for key, value in [("xyzzy", 1), ("dataset", {"xyzzy": 1}), ("seed", "one"), ("losses", [{}])]:
    bad = {"extends": "workbench.json", key: value}
    if first_error(bad) is None:
        fail(f"an extending file was accepted with {key}: {value}")
    refused.append((f"extending with {key}", bad))

random.seed(1)
sample = random.sample(refused, min(60, len(refused)))
for name, bad in sample:
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=".", prefix=".check-schema-") as file:
        json.dump(bad, file)
        file.flush()
        if run("resolve", file.name).returncode == 0:
            fail(f"the program accepts what the schema refuses: {name}")

print(
    f"The schema accepts {len(good) + len(strangers)} experiments and refuses {len(refused)} damaged ones; "
    f"the program refuses all {len(sample)} of these that it was asked about."
)
