"""PyTorch's side of the workload lstm: a training step in milliseconds, eager, with oneDNN's LSTM and without.

Run on an idle machine, beside ./ashlar bench lstm: python lstm_torch.py
"""
import time

import torch

torch.set_num_threads(2)
torch.manual_seed(0)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(256, 256, 2, batch_first=True)
        self.head = torch.nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


net = Net()
x = torch.randn(32, 64, 256)
y = torch.randint(0, 10, (32,))
optimizer = torch.optim.Adam(net.parameters(), 1e-3)


def step():
    optimizer.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()


for one_dnn in (True, False):
    with torch.backends.mkldnn.flags(enabled=one_dnn):
        for _ in range(5):
            step()
        times = []
        for _ in range(30):
            start = time.perf_counter()
            step()
            times.append(1e3 * (time.perf_counter() - start))
        times.sort()
        print(f"oneDNN {one_dnn}: best {times[0]:.1f} ms, median {times[15]:.1f} ms")
