#!/bin/sh
# Both sides of GemmBench, one after the other, and the ratio ours / PyTorch.
#   PEER_PYTHON=.. CLASSPATH=.. JAVA=.. ./gemm_compare.sh [threads=1|2] m,k,n,batch,form ..
# CLASSPATH holds the classes of core, backends/cpu, bench and the jspecify jar.
here=$(dirname "$0")
threads=threads=1
case "$1" in threads=*) threads=$1; shift;; esac
if [ $# = 0 ]; then
  for shape in 1024,1024,1024,1 256,768,3072,1 128,784,512,1 128,512,512,1 784,128,512,1 768,128,512,1 \
      2048,384,1536,1 256,768,50257,1 64,64,32,12 64,32,64,12 1,768,3072,1 8,768,768,1; do
    set -- "$@" $shape,NN $shape,NT $shape,TN
  done
fi
ours=$(mktemp)
theirs=$(mktemp)
"${JAVA:-java}" --enable-native-access=ALL-UNNAMED dev.ashlar.bench.cpu.GemmBench "$threads" "$@" > "$ours"
"${PEER_PYTHON:-python3}" "$here/gemm_torch.py" "$threads" "$@" > "$theirs"
paste -d' ' "$ours" "$theirs" | awk '{printf "%-22s ours %7.1f  PyTorch %7.1f GFLOP/s  ratio %.2f\n", $1, $2, $4, $2 / $4}'
rm "$ours" "$theirs"
