#!/usr/bin/env python3
"""Writes the bytes that GNU binutils gives for every instruction of our assembler, several operand
combinations each. Needs `as` and `objcopy`, 2.40 or later; the tests need neither.

    python3 expected-encodings.py > ../resources/dev/ashlar/backend/cpu/x86/encodings.tsv

A line is the instruction in Intel syntax, a tab and its bytes. Patterns below: v, h, q are vector registers of
full, half and quarter width; x is always xmm; a leading / adds memory, /b memory or a broadcast; {k} marks a
destination that may be masked, {kz} masked or zeroed; i is an immediate byte, r32 and r64 general registers.
"""
import itertools
import re
import subprocess
import sys
import tempfile

ADDRESSES = [  # every shape of address; N stands for the vector length, where EVEX's compressed byte matters
    "[rax]", "[rsp]", "[rbp]", "[r13]", "[r12+8]", "[rdi+N]", "[rsi-N]", "[rbx+N+4]", "[r9+127*N]", "[r10+128*N]",
    "[rcx+rdx*4]", "[rbp+r12*8+N]", "[r13+r8*2+4]", "[rsp+rax*1+1024]", "[r15+r14*4-128*N]", "[rdx*4+64]",
    "[r11+100000]", "[rax+127]",
]
# (bits, whether registers above 15, masks and broadcasts are tried)
BOTH, AVX = ((128, 0), (256, 0), (128, 1), (256, 1), (512, 1)), ((128, 0), (256, 0))
AVX512, WIDE_VEX, WIDE_EVEX, BOTH_WIDE = ((128, 1), (256, 1), (512, 1)), ((256, 0),), ((256, 1), (512, 1)), ((256, 0), (256, 1), (512, 1))
SCALAR = ((128, 0), (128, 1))

TABLE = [
    (BOTH, "{kz}v, v/b", "vsqrtps vcvtdq2ps vcvtps2dq vcvttps2dq vpabsd"),
    (BOTH, "{kz}v, v/d", "vsqrtpd"),
    (BOTH, "{kz}v, v, v/b", """vaddps vmulps vsubps vminps vdivps vmaxps vandps vandnps vorps vxorps
        vfmadd132ps vfmadd213ps vfmadd231ps vfmsub132ps vfmsub213ps vfmsub231ps vfnmadd132ps vfnmadd213ps vfnmadd231ps
        vpaddd vpsubd vpmulld vpminsd vpmaxsd vpminud vpmaxud vpsllvd vpsrlvd vpsravd vunpcklps vunpckhps vpermilps
        vpackusdw vpackssdw"""),
    (BOTH, "{kz}v, v, v/d", """vaddpd vmulpd vsubpd vminpd vdivpd vmaxpd vfmadd213pd vfmadd231pd vunpcklpd vunpckhpd
        vpmuludq vpaddq vpsubq"""),
    (SCALAR, "v, v, v/4", """vaddss vmulss vsubss vminss vdivss vmaxss vsqrtss vfmadd213ss vfmadd231ss"""),
    (BOTH, "{kz}v, v/m", "vmovups vmovaps vmovupd"), (BOTH, "{k}m, v", "vmovups vmovaps vmovupd"),
    (AVX, "v, v/m", "vmovdqu"), (AVX, "m, v", "vmovdqu"), (BOTH, "m, v", "vmovntps"),
    (AVX512, "{kz}v, v/m", "vmovdqu8 vmovdqu16 vmovdqu32 vmovdqu64"),
    (AVX512, "{k}m, v", "vmovdqu8 vmovdqu16 vmovdqu32 vmovdqu64"),
    (AVX, "v, v, m", "vmaskmovps"), (AVX, "m, v, v", "vmaskmovps"),
    (SCALAR, "v, r32/4", "vmovd"), (SCALAR, "r32/4, v", "vmovd"), (SCALAR, "v, r64", "vmovq"), (SCALAR, "r64, v", "vmovq"),
    (SCALAR, "v, m8", "vmovq vmovsd"), (SCALAR, "m8, v", "vmovq vmovsd"), (SCALAR, "v, v, v", "vmovss vmovsd vmovhlps"),
    (SCALAR, "v, m4", "vmovss"), (SCALAR, "m4, v", "vmovss"), (AVX, "r32, v", "vmovmskps"),
    (BOTH, "{kz}v, x/4", "vbroadcastss vpbroadcastd"), (BOTH_WIDE, "{kz}v, x/8", "vbroadcastsd"), (BOTH, "{kz}v, x/8", "vpbroadcastq"),
    (AVX512, "{kz}v, r32", "vpbroadcastd"), (AVX512, "{kz}v, r64", "vpbroadcastq"), (WIDE_EVEX, "{kz}v, m16", "vbroadcastf32x4"),
    (AVX, "v1, g, v3", "vgatherdps vpgatherdd"), (AVX512, "{k!}v1, g", "vgatherdps vpgatherdd"), (AVX512, "{k!}g, v1", "vscatterdps"),
    (AVX512, "{kz}v, v, v/b", "vscalefps vblendmps vpblendmd vpandd vpandnd vpord vpxord vdpbf16ps vpdpbusd vpermi2ps vpermt2ps"),
    (AVX512, "{kz}v, v/b", "vgetexpps vrcp14ps vrsqrt14ps vcvtudq2ps"), (AVX512, "{kz}v, v/b, i", "vgetmantps vrndscaleps vprold"),
    (AVX512, "{kz}v, v, v/b, i", "vpternlogd valignd vrangeps"), (AVX512, "{k}k, v, v/b, i", "vcmpps vpcmpd vpcmpud"),
    (AVX512, "{k}k, v, v/b", "vpcmpgtd vpcmpeqd vptestmd vptestnmd"), (AVX512, "{k}k, v, i", "vfpclassps"),
    (AVX512, "v, k", "vpmovm2d"), (AVX512, "k, v", "vpmovd2m"),
    (AVX, "v, v, v/m, i", "vcmpps vblendps"), (AVX, "v, v, v/m", "vpcmpgtd vpcmpeqd vpand vpandn vpor vpxor"),
    (AVX, "v, v, v/m, v", "vblendvps"), (AVX, "v, v/m, i", "vroundps"),
    (BOTH, "{kz}v, v, x/16", "vpslld vpsrld vpsrad vpsrlq vpsllq"), (BOTH, "{kz}v, v, i", "vpslld vpsrld vpsrad vpsrlq vpsllq"),
    (AVX512, "{kz}v, v/b, i", "vpslld vpsrld vpsrad"), (AVX512, "{kz}v, v/d, i", "vpsrlq vpsllq"),
    (BOTH_WIDE, "{kz}v, h/hb", "vcvtps2pd"), (BOTH_WIDE, "{kz}h, v", "vcvtpd2ps"),
    (BOTH_WIDE, "{kz}v, h/h", "vcvtph2ps vpmovzxwd vpmovsxwd vpmovzxdq"), (BOTH_WIDE, "{k}h/h, v, i", "vcvtps2ph"),
    (BOTH_WIDE, "{kz}v, q/q", "vpmovzxbd vpmovsxbd"), (WIDE_EVEX, "{k}h/h, v", "vpmovdw"), (WIDE_EVEX, "{k}q/q, v", "vpmovdb vpmovsdb"),
    (WIDE_EVEX, "{kz}h, v", "vcvtneps2bf16"),
    (WIDE_VEX, "x/16, v, i", "vextractf128"), (WIDE_VEX, "v, v, x/16, i", "vinsertf128"), (WIDE_VEX, "v, v, v/m, i", "vperm2f128"),
    (WIDE_EVEX, "{k}x/16, v, i", "vextractf32x4"), (WIDE_EVEX, "{kz}v, v, x/16, i", "vinsertf32x4"),
    (((512, 1),), "{k}h/32, v, i", "vextractf64x4"), (((512, 1),), "{kz}v, v, h/32, i", "vinsertf64x4"),
    (WIDE_EVEX, "{kz}v, v, v/b, i", "vshuff32x4"), (BOTH, "{kz}v, v, v/b, i", "vshufps"),
    (BOTH, "{kz}v, v/b, i", "vpshufd vpermilps"), (BOTH, "{kz}v, v, v/m", "vpshufb"), (BOTH, "{kz}v, v/m", "vmovshdup vmovsldup"),
    (BOTH_WIDE, "{kz}v, v, v/b", "vpermps vpermd"), (BOTH_WIDE, "{kz}v, v/d, i", "vpermq"),
    (SCALAR[:1], "k, k/2", "kmovw"), (SCALAR[:1], "m2, k", "kmovw"), (SCALAR[:1], "k, r32", "kmovw kmovd"), (SCALAR[:1], "r32, k", "kmovw kmovd"),
    (SCALAR[:1], "k, k/4", "kmovd"), (SCALAR[:1], "m4, k", "kmovd"), (SCALAR[:1], "k, k, k", "kandw kandnw korw kxnorw kxorw"),
    (SCALAR[:1], "k, k", "knotw kortestw"), (SCALAR[:1], "k, k, i", "kshiftlw kshiftrw"),
    (SCALAR[:1], "r32, r32/4, r32", "bzhi shlx"),
    # general registers
    (SCALAR[:1], "r64, r64", "mov add or adc sbb and sub xor cmp test"), (SCALAR[:1], "r64, m8", "mov add or adc sbb and sub xor cmp lea"),
    (SCALAR[:1], "m8, r64", "mov add or adc sbb and sub xor cmp"), (SCALAR[:1], "r64, r64/8", "imul cmove cmovl cmovae"),
    (SCALAR[:1], "r64, n", "add or adc sbb and sub xor cmp"), (SCALAR[:1], "m8, n", "add and sub cmp mov"),
    (SCALAR[:1], "r32, r32", "mov xor add sub"), (SCALAR[:1], "r32, m4", "mov"), (SCALAR[:1], "m4, r32", "mov"),
    (SCALAR[:1], "r32, n", "mov"), (SCALAR[:1], "r64, N", "mov"), (SCALAR[:1], "r64, r64/8, n", "imul"),
    (SCALAR[:1], "m2, r16", "mov"), (SCALAR[:1], "r32, m2", "movzx"), (SCALAR[:1], "r32, m1", "movzx"), (SCALAR[:1], "r64, m1", "movsx"), (SCALAR[:1], "m8", "idiv"), (SCALAR[:1], "r64, r32/4", "movsxd"),
    (SCALAR[:1], "r64, s", "shl shr sar"), (SCALAR[:1], "r64", "not neg inc dec push pop call"),
    (SCALAR[:1], "m1", "prefetchnta prefetcht0 prefetcht1 prefetcht2"), (SCALAR[:1], "", "vzeroupper ret cpuid xgetbv"),
]

SIZES = {1: "byte", 2: "word", 4: "dword", 8: "qword", 16: "xmmword", 32: "ymmword", 64: "zmmword"}
GPRS = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"] + ["r%d" % i for i in range(8, 16)]
counters = {}


def turn(what, choices):
    """The next of the choices; every kind of choice has its own cycle, so combinations keep changing."""
    counters[what] = counters.get(what, -1) + 1
    return choices[counters[what] % len(choices)]


def vector(bits, evex):
    numbers = [0, 17, 9, 31, 5, 24, 14, 8, 30, 16, 3] if evex else [0, 9, 5, 15, 3, 8, 14, 7, 1]
    return {128: "xmm", 256: "ymm", 512: "zmm"}[bits] + str(turn("v", numbers))


def gpr(bits):
    name = turn("gpr", [g for g in GPRS if g != "rsp"] + ["rsp"])
    if bits == 64:
        return name
    if bits == 16:
        return name[1:] if name[1].isalpha() else name + "w"
    return "e" + name[1:] if name[1].isalpha() else name + "d"


def memory(size, unit):
    text = turn("m", ADDRESSES)
    total = re.sub(r"([+-])(?:(\d+)\*)?N(\+4)?", lambda m: "%s%d" % (
        m[1], int(m[2] or 1) * unit + (4 if m[3] else 0)), text)
    return "%s ptr %s" % (SIZES[size], total)


def operand(pattern, bits, evex, pick):
    register, _, mem = pattern.partition("/")
    widths = {"v": bits, "h": max(bits // 2, 128), "q": max(bits // 4, 128), "x": 128}
    sizes = {"m": bits // 8, "h": bits // 16, "q": bits // 32}
    if mem and pick != "register" or register[0] == "m":
        kind = mem or register[1:] or "m"
        if kind in "b d hb".split():
            element, count = (8, bits // 64) if kind == "d" else (4, bits // (64 if kind == "hb" else 32))
            if pick == "broadcast" and evex:
                return memory(element, element).replace("]", "]{1to%d}" % count)
            kind = "h" if kind == "hb" else "m"
        size = sizes.get(kind) or int(kind)
        return memory(size, size)
    if register[0] in widths and (len(register) == 1 or register in ("v1", "v3")):
        return {128: "xmm", 256: "ymm", 512: "zmm"}[bits] + register[1:] if len(register) > 1 else vector(widths[register], evex)
    if register == "k":
        return "k%d" % turn("k", range(8))
    if register == "g":
        index = {128: "xmm", 256: "ymm", 512: "zmm"}[bits] + str(turn("g", [2, 7, 18, 30] if evex else [2, 8, 14]))
        return "[%s+%s*%d%s]" % (turn("gb", ["rax", "r13", "rbp", "r12"]), index, turn("gs", [1, 4, 8]), turn("gd", ["", "+4", "+1000"]))
    if register == "i":
        return str(turn("i", [0, 1, 3, 17, 127, 200]))
    if register == "n":
        return str(turn("n", [1, -1, 127, -128, 128, 100000, -100000]))
    if register == "N":
        return str(turn("N", [0, -1, 2147483647, -2147483648, 2147483648, 81985529216486895, -81985529216486895]))
    if register == "s":
        return str(turn("s", [1, 2, 5, 63]))
    return gpr(int(register[1:]))


def lines():
    for modes, pattern, names in TABLE:
        for name, (bits, evex) in itertools.product(names.split(), modes):
            picks = ["register"] * 2
            if "/" in pattern or re.search(r"\bm\d*\b", pattern):
                picks += ["memory"] * 3 + (["broadcast"] * 2 if evex else [])
            for pick in picks:
                operands = [p.strip() for p in pattern.split(",") if p.strip()]
                mask = ""
                if operands and operands[0].startswith("{"):
                    braces, operands[0] = re.match(r"\{(k.?)\}(.*)", operands[0]).groups()
                    modifiers = {"k": ["", "{k%d}"], "kz": ["", "{k%d}", "{k%d}{z}"], "k!": ["{k%d}"]}[braces]
                    if evex:
                        mask = turn(braces, modifiers)
                        mask = mask % turn("mask", range(1, 8)) if mask else ""
                texts = [operand(p, bits, evex, pick) for p in operands]
                memory_first = texts and texts[0].endswith("]")
                if mask.endswith("{z}") and memory_first:
                    mask = mask[:-3]
                if texts:
                    texts[0] += mask
                yield (name + " " + ", ".join(texts)).strip()


def assemble(texts):
    """The lengths go to a section of their own, so that the bytes can be told apart."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/a.s", "w") as out:
            out.write(".intel_syntax noprefix\n")
            for text in texts:
                hint = "{load} " if text.startswith("vmov") and "[" not in text else ""  # the shorter store form else
                out.write("1: %s%s\n2: .pushsection .lengths,\"a\"\n.byte 2b-1b\n.popsection\n" % (hint, text))
        subprocess.run(["as", "--64", "-o", folder + "/a.o", folder + "/a.s"], check=True)
        for section in ("text", "lengths"):
            subprocess.run(["objcopy", "-O", "binary", "-j", "." + section, folder + "/a.o", folder + "/" + section], check=True)
        code, lengths = open(folder + "/text", "rb").read(), open(folder + "/lengths", "rb").read()
    position = 0
    for text, length in zip(texts, lengths):
        yield text, code[position:position + length]
        position += length


for text, encoding in assemble(sorted(set(lines()))):
    print("%s\t%s" % (text, encoding.hex()))
