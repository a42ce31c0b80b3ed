#!/bin/sh
# Prints a Markdown table of measured runs: a row a network, under each figure the mean over its seeds and in
# brackets the least and the most. Of each run the newest measurement of a figure counts.
#
#   Examples/studies/table.sh FOLDER NETWORK...     reads FOLDER/NETWORK-SEED-1/evaluation.json, as run.sh names runs
set -eu
folder=$1
shift
networks=$*
set --
for network in $networks; do
  for file in "$folder/$network"-*-1/evaluation.json; do
    [ -e "$file" ] && set -- "$@" "$file"
  done
done
[ $# -gt 0 ] || {
  echo "there is no evaluation.json of $networks in $folder" >&2
  exit 1
}

awk '
# What a line says of a key, or nothing; the rest of the line is kept in `rest`.
function next_pair(   pair) {
  if (!match(rest, /"(name|value|isBetterHigher|imagesPerSecond|parameters)": *("[^"]*"|[-+.0-9a-zA-Z]+)/)) return 0
  pair = substr(rest, RSTART, RLENGTH)
  rest = substr(rest, RSTART + RLENGTH)
  key = substr(pair, 2, index(substr(pair, 2), "\"") - 1)
  text = substr(pair, length(key) + 4)
  gsub(/^ *"?|"$/, "", text)
  return 1
}

function note(figure, text) {
  if (!(figure in known)) { known[figure] = ++figures; title[figures] = figure }
  value[run, figure] = text
}

function written(x) { return sprintf(x >= 1000 || x <= -1000 ? "%.0f" : "%.3g", x) }

# The mean of a figure over the runs of the network `name`, with its least and its most.
function cell(name, figure,   run, x, n, sum, least, most) {
  n = 0
  sum = 0
  for (run = 1; run <= runs; run++) {
    if (of[run] != name || !((run, figure) in value)) continue
    x = value[run, figure]
    if (x !~ /^[-+]?[0-9.]/) return "no number"
    x += 0
    if (n == 0 || x < least) least = x
    if (n == 0 || x > most) most = x
    sum += x
    n++
  }
  if (n == 0) return "–"
  if (n == 1) return written(sum)
  return written(sum / n) " (" written(least) "–" written(most) ")"
}

FNR == 1 {
  run = ++runs
  count = split(FILENAME, part, "/")
  of[run] = part[count - 1]
  # NETWORK-SEED-1
  sub(/-[0-9]+-[0-9]+$/, "", of[run])
  if (!(of[run] in seeds)) network[++networks] = of[run]
  seeds[of[run]]++
}

{
  rest = $0
  while (next_pair()) {
    if (key == "name") figure = text
    else if (key == "value") note(figure, text)
    else if (key == "isBetterHigher") arrow[figure] = text == "true" ? " ↑" : " ↓"
    else if (key == "imagesPerSecond") { note("images/s", text); arrow["images/s"] = " ↑" }
    else note("M", text / 1e6)
  }
}

END {
  head = "| | seeds |"
  rule = "| --- | --: |"
  for (i = 1; i <= figures; i++) {
    head = head " " title[i] arrow[title[i]] " |"
    rule = rule " --: |"
  }
  print head
  print rule
  for (j = 1; j <= networks; j++) {
    row = "| " network[j] " | " seeds[network[j]] " |"
    for (i = 1; i <= figures; i++) row = row " " cell(network[j], title[i]) " |"
    print row
  }
}
' "$@"
