#!/bin/sh
# Prints the Python that the benchmarks' PyTorch programs run with, and makes it if it is not there:
# a virtual environment in Benchmarks/.venv. WORKBENCH_PYTHON names another that has what is needed.
set -eu
cd "$(dirname "$0")"

complete() { "$1" -c 'import numpy, safetensors, torch' 2>/dev/null; }

if [ -n "${WORKBENCH_PYTHON:-}" ]; then
  if complete "$WORKBENCH_PYTHON"; then
    echo "$WORKBENCH_PYTHON"
    exit 0
  fi
  echo "WORKBENCH_PYTHON=$WORKBENCH_PYTHON lacks torch, numpy or safetensors." >&2
  exit 1
fi
python=$PWD/.venv/bin/python
if ! complete "$python"; then
  [ -x "$python" ] || python3 -m venv .venv >&2
  cpu=https://download.pytorch.org/whl/cpu
  install() { "$python" -m pip install --quiet --retries 1 numpy safetensors "$@" >&2; }
  # The release that the published figures were measured against, else the newest there is.
  install torch==2.13.0+cpu || install --extra-index-url "$cpu" torch==2.13.0+cpu ||
    install torch==2.13.0 || install --extra-index-url "$cpu" torch || install torch || {
    echo "PyTorch cannot be installed. Name a Python that has it: WORKBENCH_PYTHON=/path/to/python" >&2
    exit 1
  }
fi
"$python" -c 'import torch; print(f"PyTorch {torch.__version__}")' >&2
echo "$python"
