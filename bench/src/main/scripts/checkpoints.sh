#!/bin/sh
# What checkpoints cost: a network whose state is 100 MB (8.4 million weights under adam), with a checkpoint every second
# and without any, in turn. Prints examples a second of each period, and megabytes written.
#   bench/src/main/scripts/checkpoints.sh [TIMES]
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../../.." && pwd -P)
folder=$(mktemp -d "${TMPDIR:-/tmp}/ashlar-checkpoints.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cat >"$folder/run.yaml" <<'YAML'
data: {source: {random: {rows: 4096}}}
model: [{dense: 2048}, relu, {dense: 2048}, relu, {dense: 2048}, relu, {dense: 1}]
loss: mean_squared_error
optimizer: {adam: 1e-4}
train: {steps: 480, evaluate_every: 120, batch: 64, keep: last}
YAML
ashlar=${ASHLAR:-$home/ashlar}
for turn in $(seq "${1:-3}"); do
  for minutes in 0 0.0166667; do
    out=$folder/run
    "$ashlar" train "$folder/run.yaml" --out "$out" --overwrite --set "train.checkpoint={minutes: $minutes, at_end: false}" \
      >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
    # The first period has the compiler at work beside it.
    sed -n 's/.*"type":"epoch","epoch":\([2-9]\).*"samples_per_second":\([0-9.]*\).*/\2/p' "$out/metrics.jsonl" |
      awk -v minutes="$minutes" '{ sum += $1; n++; line = line sprintf(" %.0f", $1) }
        END { printf "every %s minutes:%s  mean %.0f\n", minutes, line, sum / n }'
    if [ -d "$out/checkpoints" ]; then
      du -sm "$out"/checkpoints/* | awk '{ print "  " $1 " MB in " $2 }' | sed "s|$folder/||"
    fi
  done
done
