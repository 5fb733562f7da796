#!/bin/sh
# Kills a training run with SIGKILL at so many random moments, while it writes a checkpoint after each update, goes on
# with it each time, and compares what comes of it, bit by bit, with a run that nobody killed (KillTest).
#   bench/src/main/scripts/kills.sh [KILLS [SEED]]
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../../../.." && pwd -P)
cd "$home"
exec mvn -B -q test -pl cli -am -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dashlar.kills="${1:-200}" ${2:+-Dashlar.kills.seed="$2"}
