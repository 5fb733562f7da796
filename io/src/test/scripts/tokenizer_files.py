"""Writes small tokenizers of every kind and what Hugging Face tokenizers 0.23 gives for some strings.

Each NAME/ gets tokenizer.json and expected.json: a list of {text, ids, plain (without special tokens), decoded,
all (with special tokens)}; some rows have ids alone, drawn at random. trained/ holds what its BpeTrainer learns from
text.txt.
"""
import json
import pathlib
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).parents[1] / "resources/dev/ashlar/io/tokenizers"
draw = random.Random(5)
SYLLABLES = ["the", "an", "to", "be", "or", "not", "ing", "er", "st", "ou", "qu", "a", "e", "is", "1", "20", "'s", "'ll",
             ","]
LINES = [" ".join("".join(draw.choice(SYLLABLES) for _ in range(draw.randint(1, 3))) for _ in range(draw.randint(0, 12)))
         for _ in range(120)]
TEXT = OUT / "text.txt"
OUT.mkdir(parents=True, exist_ok=True)
TEXT.write_text("\n".join(LINES) + "\n", encoding="utf-8")

PARTS = ["the", " to", "be's", "IT'LL", "'\u017f", " ", "  ", "\n", "\r\n", "\t ", "\u00a0", "\u3000", "\u200b", "12345", "\u00bd",
         "\u00e9", "e\u0301", "\ufb01", "\u0130", "\u03c2\u03a3", "\U0001f469\u200d\U0001f467", "\U0001f3f3\ufe0f", "\u5927\u6a21",
         "\u30ab\u30fc", "\ud55c\uad6d", "\u0645\u064e\u0631", "\u0e44\u0e17\u0e22", "\u0939\u093f", "\u0000", "\ufffd", "\ufeff",
         "\u2581", "</w>", "##", "<0x41>", "<s>", "<unk>", "[CLS]", " <mask> ", "<norm>", "<NORM>", "a<single>", " <single>.",
         "...", "\u2014", "\u201cq\u201d", "_x", "$+<", "\u0ece", "\U0001079a", "\U000e0100", "\ue000", "\u0085"]
STRINGS = ["", " ", "Hello, world!", "  two  spaces\tand\ttabs\n\nnewlines\r\n", "a" * 200, " " * 60] + [
    "".join(draw.choice(PARTS) if draw.random() < 0.7 else chr(draw.choice([draw.randint(0x20, 0x7e),
            draw.randint(0xa0, 0xd7ff), draw.randint(0xe000, 0x10ffff)])) for _ in range(draw.randint(1, 16)))
    for _ in range(40)]
ADDED = [AddedToken("<mask>", lstrip=True, special=True, normalized=False), AddedToken("<norm>", normalized=True),
         AddedToken("<single>", single_word=True, normalized=False)]
ByteLevel, Sequence, Split = pre_tokenizers.ByteLevel, pre_tokenizers.Sequence, pre_tokenizers.Split
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def save(name, tokenizer, strings=STRINGS):
    folder = OUT / name
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    rows = []
    for text in strings:
        ids = tokenizer.encode(text).ids
        rows.append({"text": text, "ids": ids, "plain": tokenizer.encode(text, add_special_tokens=False).ids})
    size = tokenizer.get_vocab_size()
    rows += [{"ids": [draw.randrange(size + 2) for _ in range(draw.randint(1, 12))]} for _ in range(15)]
    for row in rows:
        row["decoded"] = tokenizer.decode(row["ids"])
        row["all"] = tokenizer.decode(row["ids"], skip_special_tokens=False)
    (folder / "expected.json").write_text("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n", encoding="ascii")


def trained(model, trainer, pre=None, norm=None, decoder=None, post=None, added=ADDED):
    tokenizer = Tokenizer(model)
    if pre:
        tokenizer.pre_tokenizer = pre
    if norm:
        tokenizer.normalizer = norm
    if decoder:
        tokenizer.decoder = decoder
    tokenizer.train([str(TEXT)], trainer)
    tokenizer.add_tokens(added)
    if post:
        tokenizer.post_processor = post
    return tokenizer


def bytes_of(size=300, special=("<s>", "</s>"), **more):
    return trainers.BpeTrainer(vocab_size=size, special_tokens=list(special), initial_alphabet=ByteLevel.alphabet(),
                               show_progress=False, **more)


def byte_level(name, pre, norm=None, post=None, **model):
    save(name, trained(models.BPE(**model), bytes_of(), pre, norm, decoders.ByteLevel(), post))


def split(pattern, behavior="isolated", invert=False):
    return Sequence([Split(Regex(pattern), behavior, invert), ByteLevel(add_prefix_space=False, use_regex=False)])


around = processors.TemplateProcessing("<s> $A </s>", "<s> $A $B", [("<s>", 0), ("</s>", 1)])
byte_level("gpt2", ByteLevel(add_prefix_space=False))
byte_level("roberta", ByteLevel(add_prefix_space=True), post=processors.RobertaProcessing(("</s>", 1), ("<s>", 0)))
byte_level("llama3", split(LLAMA3), post=processors.Sequence([processors.ByteLevel(trim_offsets=False), around]),
           ignore_merges=True)
byte_level("qwen", split(LLAMA3.replace("{1,3}", "")), norm=normalizers.NFC())
byte_level("gpt4o", split(GPT4O))
byte_level("starcoder", Sequence([pre_tokenizers.Digits(True), ByteLevel(add_prefix_space=False)]))
byte_level("nfkc", Sequence([pre_tokenizers.WhitespaceSplit(), ByteLevel(add_prefix_space=False)]),
           norm=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Nmt()]))
byte_level("accents", Sequence([pre_tokenizers.Punctuation("merged_with_next"), ByteLevel(add_prefix_space=False)]),
           norm=normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip(),
                                      normalizers.Replace(Regex(r"\s+"), " ")]))
for behavior in ["removed", "merged_with_previous", "merged_with_next", "contiguous"]:
    byte_level("split-" + behavior, split(r"\s+|[aeiou]|\d", behavior, behavior == "contiguous"))
byte_level("split-nothing", split(r"x*|(?=[A-Z])|(?<=t)"))

pieces = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % i for i in range(256)]
metaspace = pre_tokenizers.Metaspace
back = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(),
                          decoders.Strip(" ", 1, 0)])


def sentence_pieces(name, pre=None, norm=None, decoder=back, byte_fallback=True, fuse_unk=True, size=330):
    learn = trainers.BpeTrainer(vocab_size=size, special_tokens=pieces if byte_fallback else pieces[:3],
                                show_progress=False)
    tokenizer = trained(models.BPE(byte_fallback=byte_fallback, unk_token="<unk>", fuse_unk=fuse_unk), learn, pre, norm,
                        decoder, added=[])
    tree = json.loads(tokenizer.to_str())
    tree["added_tokens"] = [t for t in tree["added_tokens"] if not t["content"].startswith("<0x")]
    tokenizer = Tokenizer.from_str(json.dumps(tree))
    tokenizer.add_tokens(ADDED)
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A", "<s> $A $B", [("<s>", 1)])
    save(name, tokenizer)


sentence_pieces("llama2", norm=normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]))
sentence_pieces("metaspace-first", metaspace("\u2581", "first", False))
sentence_pieces("metaspace-always", metaspace("\u2581", "always", True),
                decoder=decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace("\u2581", "always")]))
sentence_pieces("unknown-each", metaspace("\u2581", "never", True), decoder=decoders.Metaspace(), byte_fallback=False,
                fuse_unk=False, size=90)
save("clip", trained(
    models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"),
    trainers.BpeTrainer(vocab_size=330, special_tokens=["<unk>"], initial_alphabet=ByteLevel.alphabet(),
                        end_of_word_suffix="</w>", show_progress=False),
    Sequence([Split(Regex(r"'s|'ll|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", True),
              ByteLevel(add_prefix_space=False, use_regex=False)]),
    normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]), decoders.BPEDecoder("</w>")))
for name, lowercase in [("bert", True), ("bert-cased", False)]:
    save(name, trained(
        models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=20),
        trainers.WordPieceTrainer(vocab_size=120, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False),
        pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer(lowercase=lowercase),
        decoders.WordPiece(cleanup=lowercase), processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))))
words = trained(models.WordLevel(unk_token="<unk>"),
                trainers.WordLevelTrainer(vocab_size=80, special_tokens=["<unk>", "<pad>"], show_progress=False),
                pre_tokenizers.Whitespace())
words.enable_truncation(9, direction="left")
words.enable_padding(pad_id=1, pad_token="<pad>", pad_to_multiple_of=4, direction="left")
save("words", words)

for name, size, pre in [("gpt2", 320, ByteLevel(add_prefix_space=False)), ("llama3", 400, split(LLAMA3))]:
    learnt = json.loads(trained(models.BPE(), bytes_of(size, ["<|endoftext|>"]), pre, added=[]).to_str())["model"]
    (OUT / ("trained-%s.json" % name)).write_text(json.dumps({k: learnt[k] for k in ("vocab", "merges")}), encoding="ascii")
