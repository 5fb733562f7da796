"""Writes the fixtures of ImageFolderTest: python image_files.py FOLDER. Made with Pillow 12 and numpy 2."""
import os
import sys
import numpy as np
from PIL import Image

folder = sys.argv[1]
random = np.random.default_rng(1)
y, x = np.mgrid[0:9, 0:13]
smooth = np.stack([x * 19, y * 28, (x + y) * 11], -1)
rgb = np.clip(smooth + random.integers(-20, 20, smooth.shape), 0, 255).astype("u1")
images = {
    "cats/rgb.png": Image.fromarray(rgb),
    "cats/palette.gif": Image.fromarray(rgb).quantize(8),
    "cats/small.bmp": Image.fromarray(rgb[:3, :4]),
    "dogs/gray.png": Image.fromarray(rgb[:, :, 0]),
    "dogs/alpha.png": Image.fromarray(np.dstack([rgb, rgb[:, :, 0]])),
    "dogs/smooth.jpg": Image.fromarray(smooth.astype("u1")),
}
for name, image in images.items():
    os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
    image.save(f"{folder}/{name}", **({"quality": 95, "subsampling": 0} if name.endswith("jpg") else {}))
for mode, channels in (("RGB", "rgb"), ("L", "gray")):
    for height, width in ((5, 6), (9, 13), (20, 17)):
        told = []
        for name in sorted(images):
            read = Image.open(f"{folder}/{name}").convert(mode).resize((width, height), Image.BILINEAR)
            told.append(np.atleast_3d(np.asarray(read)).transpose(2, 0, 1))
        np.save(f"{folder}/{channels}_{height}.npy", np.stack(told))
