"""PyTorch's side of GemmBench: python gemm_torch.py threads=1|2 m,k,n,batch,NN|NT|TN ..

One thread is timed by its processor time, as there; more by the clock."""
import sys
import time

import torch

threads = 2 if "threads=2" in sys.argv else 1
torch.set_num_threads(threads)
now = time.thread_time if threads == 1 else time.perf_counter


def seconds(work):
    def once(inner):
        start = now()
        for _ in range(inner):
            work()
        return (now() - start) / inner
    inner = 1
    while once(inner) * inner < 0.01:
        inner *= 2
    return sorted(once(inner) for _ in range(15))[7]


if __name__ == "__main__":
    for shape in sys.argv[1:]:
        if shape.startswith("threads"):
            continue
        m, k, n, batch, form = shape.split(",")
        m, k, n, batch = map(int, (m, k, n, batch))
        a = torch.rand(batch, *((k, m) if form[0] == "T" else (m, k))) - 0.5
        b = torch.rand(batch, *((n, k) if form[1] == "T" else (k, n))) - 0.5
        a = a.transpose(-1, -2) if form[0] == "T" else a
        b = b.transpose(-1, -2) if form[1] == "T" else b
        out = torch.empty(batch, m, n)
        if batch == 1:
            work = lambda: torch.mm(a[0], b[0], out=out[0])
        else:
            work = lambda: torch.bmm(a, b, out=out)
        print(shape, "%.1f" % (2.0 * m * n * k * batch / seconds(work) / 1e9), flush=True)
