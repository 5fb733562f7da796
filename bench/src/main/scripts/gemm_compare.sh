#!/bin/sh
# Both sides of GemmBench, one after the other, and the ratio ours / PyTorch.
#   PEER_PYTHON=.. CLASSPATH=.. JAVA=.. ./gemm_compare.sh [threads=1|2] [emitter=..] [crowd=N] [warm=S] m,k,n,batch,form ..
# CLASSPATH holds the classes of core, backends/cpu and bench, and the jars of jspecify and slf4j.
here=$(dirname "$0")
threads=threads=1
options=
while true; do
  case "$1" in
    threads=*) threads=$1; shift;;
    *=*) options="$options $1"; shift;;
    *) break;;
  esac
done
if [ $# = 0 ]; then
  for shape in 1024,1024,1024,1 256,768,3072,1 128,784,512,1 128,512,512,1 784,128,512,1 768,128,512,1 \
      2048,384,1536,1 256,768,50257,1 64,64,32,12 64,32,64,12 1,768,3072,1 8,768,768,1; do
    set -- "$@" $shape,NN $shape,NT $shape,TN
  done
fi
ours=$(mktemp)
theirs=$(mktemp)
# shellcheck disable=SC2086 # options are words
"${JAVA:-java}" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:-UsePerfData \
    dev.ashlar.bench.cpu.GemmBench "$threads" $options "$@" > "$ours"
"${PEER_PYTHON:-python3}" "$here/gemm_torch.py" "$threads" "$@" > "$theirs"
paste -d' ' "$ours" "$theirs" | awk '{printf "%-22s ours %7.1f  PyTorch %7.1f GFLOP/s  ratio %.2f\n", $1, $2, $4, $2 / $4}'
rm "$ours" "$theirs"
