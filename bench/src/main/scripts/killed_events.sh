#!/bin/sh
# Kills a run with SIGKILL some times, goes on with it, and has TensorBoard's own reader compare what its event files
# say, tag by tag and value by value, with metrics.jsonl (io/src/test/scripts/event_values.py; tensorboard 2.21).
#   PYTHON=python3 bench/src/main/scripts/killed_events.sh [KILLS]
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../../.." && pwd -P)
folder=$(mktemp -d "${TMPDIR:-/tmp}/ashlar-events.XXXXXX")
trap 'rm -rf "$folder"' EXIT
run=$folder/run
kills=${1:-5}
ashlar=${ASHLAR:-$home/ashlar}
"$ashlar" --version >/dev/null # builds first, if there is something to be built

newest() {
  ls "$run/checkpoints" 2>/dev/null | tail -n 1
}

for kill in $(seq "$kills"); do
  before=$(newest)
  if [ -z "$before" ]; then
    "$ashlar" train "$home/examples/digits.yaml" --out "$run" --set 'metrics=[accuracy, confusion_matrix]' \
      --set "train.epochs=$((20 * kills))" --set 'train.checkpoint={steps: 7}' >"$folder/log" 2>&1 &
  else
    "$ashlar" train --resume "$run" >"$folder/log" 2>&1 &
  fi
  process=$!
  while [ "$(newest)" = "$before" ] && kill -0 "$process" 2>/dev/null; do
    sleep 0.05
  done
  sleep "0.$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')"
  kill -9 "$process" || { cat "$folder/log"; echo "it was over before it was killed"; exit 1; }
  wait "$process" 2>/dev/null || true
  echo "kill $kill: after $(newest)"
done
"$ashlar" train --resume "$run" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
ls "$run"/events.out.tfevents.*
"${PYTHON:-python3}" "$home/io/src/test/scripts/event_values.py" "$run"
