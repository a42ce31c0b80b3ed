#!/bin/sh
# Prints lines of Swift per folder, and the files that a reviewer should ask about.
set -eu
cd "$(dirname "$0")/.."

# Name, folder, lines at which a review asks why: see CONTRIBUTING.md.
find Sources Plugins Tests -name '.?*' -prune -o -name '*.swift' -print0 |
  xargs -0 wc -l | awk '$2 != "total" {
    split($2, parts, "/")
    folder = parts[1] "/" parts[2]
    files[folder]++
    lines[folder] += $1
    ask = parts[1] == "Tests" ? 400 : parts[1] == "Plugins" || $2 ~ /Ops|Layers/ ? 150 : 300
    if ($1 > ask) long[$2] = $1
  }
  END {
    for (folder in files)
      printf "%-28s %4d files %6d lines\n", folder, files[folder], lines[folder] | "sort"
    close("sort")
    for (file in long) printf "long: %5d %s\n", long[file], file | "sort -k 2nr"
  }'
