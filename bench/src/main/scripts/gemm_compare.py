"""Both sides of GemmBench in turn, round by round, and the ratio ours / PyTorch.

  python gemm_compare.py [threads=2] [rounds=21] [warm=1] [soak=S] emitter=NAME[,option ..] .. [m,k,n,batch,form ..]

CLASSPATH holds the classes of core, backends/cpu and bench, and the jars of jspecify and slf4j; JAVA is a JDK 25.
Each emitter (of dev.ashlar.bench.emitters.Maker) gets a JVM with the options behind its name: -D.., -X.. or those
of GemmBench, as crowd=500. Sides wait while another is measured; a round is 20 ms, a figure the median of rounds.
With soak ours runs for S seconds more, and each minute is measured again.
"""
import os
import statistics
import subprocess
import sys
import time

import torch

SHAPES = ["1024,1024,1024,1", "256,768,3072,1", "128,784,512,1", "128,512,512,1", "784,128,512,1", "768,128,512,1",
          "2048,384,1536,1", "256,768,50257,1", "64,64,32,12", "64,32,64,12", "1,768,3072,1", "8,768,768,1"]
ROUND = 0.02
# Threads of the side before spin for some milliseconds.
PAUSE = 0.03


def run(work, seconds):
    start = time.perf_counter()
    times = 0
    while times == 0 or time.perf_counter() - start < seconds:
        work()
        times += 1
    return times, time.perf_counter() - start


class PyTorch:
    name = "PyTorch"

    def take(self, shape):
        m, k, n, batch, form = shape.split(",")
        m, k, n, batch = map(int, (m, k, n, batch))
        a = torch.rand(batch, *((k, m) if form[0] == "T" else (m, k))) - 0.5
        b = torch.rand(batch, *((n, k) if form[1] == "T" else (k, n))) - 0.5
        a = a.transpose(-1, -2) if form[0] == "T" else a
        b = b.transpose(-1, -2) if form[1] == "T" else b
        out = torch.empty(batch, m, n)
        self.operations = 2.0 * m * n * k * batch
        if batch == 1:
            self.work = lambda: torch.mm(a[0], b[0], out=out[0])
        else:
            self.work = lambda: torch.bmm(a, b, out=out)

    def run(self, seconds):
        run(self.work, seconds)

    def rate(self):
        times, seconds = run(self.work, ROUND)
        return self.operations * times / seconds / 1e9


class Ours:
    def __init__(self, text, threads):
        emitter, *options = text.split(",")
        flags = [option for option in options if option.startswith("-")]
        words = [option for option in options if not option.startswith("-")]
        self.name = text
        self.process = subprocess.Popen(
            [os.environ.get("JAVA", "java"), "--add-modules", "jdk.incubator.vector",
             "--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData", *flags, "dev.ashlar.bench.cpu.GemmBench",
             "threads=%d" % threads, "emitter=" + emitter, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(self.name + " ended at: " + command)
        return answer

    def take(self, shape):
        self.ask("shape " + shape)

    def run(self, seconds):
        self.ask("run %s" % seconds)

    def rate(self):
        return float(self.ask("time %s" % ROUND))


def compare(shape, peer, sides, rounds):
    rates = {side: [] for side in [peer, *sides]}
    for _ in range(rounds):
        for side, found in rates.items():
            time.sleep(PAUSE)
            side.run(0.002)
            found.append(side.rate())
    theirs = statistics.median(rates[peer])
    ratios = [statistics.median(rates[side]) / theirs for side in sides]
    print("%-20s PyTorch %6.1f" % (shape, theirs), *("| %6.1f  %.2f" % (ratio * theirs, ratio) for ratio in ratios),
          flush=True)
    return ratios


def main():
    words = sys.argv[1:]
    options = dict(word.split("=", 1) for word in words if "=" in word and not word.startswith("emitter="))
    shapes = [word for word in words if "=" not in word]
    shapes = shapes or [shape + "," + form for shape in SHAPES for form in ("NN", "NT", "TN")]
    threads = int(options.get("threads", 2))
    rounds = int(options.get("rounds", 21))
    torch.set_num_threads(threads)
    peer = PyTorch()
    sides = [Ours(word[len("emitter="):], threads) for word in words if word.startswith("emitter=")]
    print("GFLOP/s, %d threads: PyTorch" % threads, *("| " + side.name for side in sides))
    ratios = []
    for shape in shapes:
        peer.take(shape)
        for side in sides:
            side.take(shape)
            side.run(float(options.get("warm", 1)))
        start = time.monotonic()
        ratios.append(compare(shape, peer, sides, rounds))
        while time.monotonic() - start < float(options.get("soak", 0)):
            for side in sides:
                side.run(60)
            compare("%s %4d s" % (shape, time.monotonic() - start), peer, sides, rounds)
    for number, side in enumerate(sides):
        column = [ratio[number] for ratio in ratios]
        print("%s: lowest %.2f, median %.2f" % (side.name, min(column), statistics.median(column)))


if __name__ == "__main__":
    main()
