#!/bin/sh
# Fuzzes every reader of foreign bytes, one after the other, and keeps what was found as tests.
#   fuzz/run.sh [MINUTES [TARGET ..]]   ten minutes each by default; the targets are in Target.java
set -eu
cd "$(dirname "$0")"
minutes=${1:-10}
[ $# -eq 0 ] || shift
mvn -B -q -f ../pom.xml -Pfuzz -pl fuzz -am test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/classpath
memory=/dev/shm
[ -w "$memory" ] || memory=${TMPDIR:-/tmp}
exec ../ashlar java -Djava.io.tmpdir="$memory" -cp "target/test-classes:$(cat target/classpath)" \
  dev.ashlar.fuzz.Fuzz "$minutes" "$@"
