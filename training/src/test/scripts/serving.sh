#!/bin/sh
# One model under eight threads for so many seconds (30), while its weights are replaced: no wrong bit, no growth.
#   training/src/test/scripts/serving.sh [SECONDS]
cd "$(dirname "$0")/../../../.." || exit 1
exec mvn -B -q test -pl training -am -Dtest=ServingTest#manyThreadsAskWhileWeightsAreReplaced \
  -Dsurefire.failIfNoSpecifiedTests=false -Dashlar.serving.seconds="${1:-30}"
