"""Makes the safetensors files that the tests read, and checks files that Ashlar wrote.

    python safetensors_files.py make FOLDER          writes python.safetensors
    python safetensors_files.py check FILE           reads what CrossCheckTest wrote, and says 'ok'

Needs torch and safetensors. In every tensor element i is (i - 2) / 2, cast to its type.
"""
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file

TYPES = {
    "f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "i64": torch.int64,
    "i32": torch.int32, "i8": torch.int8, "u8": torch.uint8, "bool": torch.bool,
}


def values(shape, dtype):
    count = 1
    for extent in shape:
        count *= extent
    numbers = (torch.arange(count, dtype=torch.float64) - 2) / 2
    if dtype == torch.uint8:
        numbers = numbers.abs()
    if dtype == torch.bool:
        numbers = numbers != 0
    return numbers.to(dtype).reshape(shape)


def make(folder):
    tensors = {name: values((2, 3), dtype) for name, dtype in TYPES.items()}
    tensors["scalar"] = torch.tensor(2.5)
    tensors["none"] = torch.zeros((0, 4))
    tensors["naïve \"name\""] = values((1,), torch.float32)
    tensors["short"] = values((3,), torch.int16)
    save_file(tensors, f"{folder}/python.safetensors", metadata={"format": "pt", "note": "größer"})


def check(path):
    with safe_open(path, framework="pt") as file:
        assert file.metadata() == {"note": "größer", "quote": "\"\\\n"}, file.metadata()
        assert set(file.keys()) == set(TYPES) | {"scalar", "none", "naïve \"name\""}, file.keys()
        for name, dtype in TYPES.items():
            got, expected = file.get_tensor(name), values((2, 3), dtype)
            assert got.dtype == dtype and torch.equal(got, expected), (name, got, expected)
        assert file.get_tensor("scalar").item() == 2.5
        assert file.get_tensor("none").shape == (0, 4)
    print("ok")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
