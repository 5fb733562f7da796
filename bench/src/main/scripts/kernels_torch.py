"""PyTorch's side of KernelBench: eager operations, one thread, processor time."""
import time

import torch
import torch.nn.functional as f

torch.set_num_threads(1)


def seconds(work):
    def once(inner):
        start = time.thread_time()
        for _ in range(inner):
            work()
        return (time.thread_time() - start) / inner
    inner = 1
    while once(inner) * inner < 0.01:
        inner *= 2
    return sorted(once(inner) for _ in range(15))[7]


for rows in (32, 8192):
    x, y, b, g = torch.rand(rows, 768) * 8 - 4, torch.rand(rows, 768), torch.rand(768), torch.rand(768)
    size = 4.0 * rows * 768
    for name, passes, work in (
            ("gelu(x + b) * y", 3, lambda: f.gelu(x + b, approximate="tanh") * y),
            ("softmax", 2, lambda: torch.softmax(x, 1)),
            ("layer norm", 2, lambda: f.layer_norm(x, (768,), g)),
            ("column sum", 1, lambda: x.sum(0))):
        s = seconds(work)
        print("%s %d x 768: %.1f us, %.1f GB/s" % (name, rows, s * 1e6, passes * size / s / 1e9))
