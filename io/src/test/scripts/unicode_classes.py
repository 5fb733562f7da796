"""Writes unicode-classes.txt: which characters Hugging Face tokenizers 0.23 takes for what, as ranges of hex numbers.

Letters and numbers are those of its regular expressions (Oniguruma), words those of its pre-tokenizer Whitespace.
"""
import pathlib

from tokenizers import Regex, normalizers, pre_tokenizers

ALL = [chr(c) for c in range(0x110000) if not 0xd800 <= c <= 0xdfff]
apart = {name: getattr(pre_tokenizers, name)() for name in ("Punctuation", "WhitespaceSplit", "Whitespace")}
digits = pre_tokenizers.Digits(True)
bert = {key: normalizers.BertNormalizer(clean_text=key == "clean", handle_chinese_chars=False,
                                        strip_accents=key == "strip", lowercase=False) for key in ("clean", "strip")}
marks = normalizers.StripAccents()


def pieces(splitter, c):
    return len(splitter.pre_tokenize_str("a" + c + "a"))


def regex(pattern):
    splitter = pre_tokenizers.Split(Regex(pattern), "removed", True)
    return lambda c: bool(splitter.pre_tokenize_str(c))


CLASSES = {
    "letter": regex(r"\p{L}"), "number": regex(r"\p{N}"), "space": regex(r"\s"), "onigurumaWord": regex(r"\w"),
    "punctuation": lambda c: pieces(apart["Punctuation"], c) == 3, "digit": lambda c: pieces(digits, c) == 3,
    "white": lambda c: pieces(apart["WhitespaceSplit"], c) == 2, "word": lambda c: pieces(apart["Whitespace"], c) == 1,
    "control": lambda c: bert["clean"].normalize_str("a" + c + "a") == "aa",
    "mark": lambda c: marks.normalize_str("a" + c + "a") == "aa",
    "accent": lambda c: bert["strip"].normalize_str(c) == "",
}
with open(pathlib.Path(__file__).parents[1] / "resources/dev/ashlar/io/tokenizers/unicode-classes.txt", "w",
          encoding="ascii") as out:
    for name, test in CLASSES.items():
        ranges = []
        for c in map(ord, filter(test, ALL)):
            if ranges and ranges[-1][1] == c - 1:
                ranges[-1][1] = c
            else:
                ranges.append([c, c])
        out.write(name + " " + " ".join("%x" % a if a == b else "%x-%x" % (a, b) for a, b in ranges) + "\n")
