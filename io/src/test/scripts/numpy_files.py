"""Writes the fixtures of NumpyFilesTest: python numpy_files.py FOLDER. Made with numpy 2."""
import sys
import numpy as np

folder = sys.argv[1]
base = np.arange(24).reshape(2, 3, 4) - 5
arrays = {
    "f4": base.astype("<f4") / 4, "f8": base.astype("<f8") / 4, "f2": base.astype("<f2") / 4,
    "big_f4": base.astype(">f4") / 4, "big_i2": base.astype(">i2"), "i1": base.astype("i1"), "u1": (base + 5).astype("u1"),
    "i4": base.astype("<i4"), "i8": base.astype("<i8"), "u2": (base + 65000).astype("<u2"),
    "u4": (base + 4000000000).astype("<u4"), "b1": base % 2 == 0, "fortran": np.asfortranarray(base.astype("<f4")),
    "fortran_i8": np.asfortranarray(base.astype("<i8")),
}
np.savez_compressed(folder + "/arrays.npz", **arrays)
np.save(folder + "/plain.npy", arrays["f4"])
np.save(folder + "/fortran.npy", arrays["fortran"])
np.save(folder + "/vector.npy", np.array([1.5, -2]))
np.save(folder + "/text.npy", np.array(["a", "b"]))
np.save(folder + "/records.npy", np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]))
