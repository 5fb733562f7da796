"""Encodes and decodes a text with Ashlar and with Hugging Face tokenizers in turn, on one thread each.

  python tokenizer_compare.py TEXT TOKENIZER_DIR ..

Prints megabytes of UTF-8 a second of the processor, which others on the machine do not make longer: medians of rounds,
after some rounds to warm up; the numbers of tokens must agree.
Ashlar runs by the script `ashlar` of this checkout.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
from tokenizers import Tokenizer  # noqa: E402  (reads the variables)

ASHLAR = pathlib.Path(__file__).parents[4] / "ashlar"
WARM, ROUNDS = 25, 7


def main(text, folders):
    content = open(text, encoding="utf-8").read()
    size = len(content.encode()) / 1e6
    for folder in folders:
        theirs = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        ids = theirs.encode(content).ids
        command = [str(ASHLAR), "java", "dev.ashlar.bench.TokenizerBench", folder, text]
        ours = subprocess.Popen(command, text=True, bufsize=1,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert int(ours.stdout.readline()) == len(ids)

        def ask(order):
            ours.stdin.write(order + "\n")
            return float(ours.stdout.readline())

        for order, work in [("encode", lambda: theirs.encode(content)), ("decode", lambda: theirs.decode(ids))]:
            mine, peer = [], []
            for _ in range(WARM):
                ask(order)
            for _ in range(ROUNDS):
                mine.append(ask(order))
                start = time.thread_time()
                work()
                peer.append(time.thread_time() - start)
            mine, peer = size / statistics.median(mine), size / statistics.median(peer)
            print("%-20s %s  Ashlar %7.1f MB/s  tokenizers %7.1f MB/s  ratio %.1f"
                  % (os.path.basename(folder.rstrip("/")), order, mine, peer, mine / peer), flush=True)
        ours.stdin.close()
        ours.wait()


main(sys.argv[1], sys.argv[2:])
