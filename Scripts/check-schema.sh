#!/bin/sh
# Checks `workbench schema` with the validator `jsonschema` from PyPI: check-schema.sh WORKBENCH.
set -eu
cd "$(dirname "$0")/.."

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || echo "sudo -n")
  $sudo apt-get update -qq
  $sudo apt-get install -y --no-install-recommends python3-venv
fi
folder=.build-test/python
[ -x "$folder/bin/pip" ] || python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check jsonschema==4.26.0 json5==0.17.3
"$folder/bin/python" Scripts/check-schema.py "$1"
