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

# Images that are written in other ways, and what Pillow makes of them.
os.makedirs(f"{folder}/../odd-images", exist_ok=True)
odd = {
    "bits.png": (Image.fromarray((smooth[:, :, 0] > 100) * np.uint8(255)).convert("1"), {}),
    "cmyk.jpg": (Image.fromarray(smooth.astype("u1")).convert("CMYK"), {"quality": 95, "subsampling": 0}),
    "gray_alpha.png": (Image.fromarray(np.dstack([rgb[:, :, 0], rgb[:, :, 1]]), "LA"), {}),
    "palette.png": (Image.fromarray(rgb).quantize(8), {"transparency": 3}),
    "palette_4.png": (Image.fromarray(rgb).quantize(4), {"bits": 2}),
    "progressive.jpg": (Image.fromarray(smooth.astype("u1")), {"progressive": True, "quality": 95, "subsampling": 0}),
    "rotated.jpg": (Image.fromarray(smooth.astype("u1")), {"quality": 95, "subsampling": 0}),
}
turned = Image.Exif()
turned[0x0112] = 6
odd["rotated.jpg"][1]["exif"] = turned
told = []
for name in sorted(odd):
    odd[name][0].save(f"{folder}/../odd-images/{name}", **odd[name][1])
    told.append(np.asarray(Image.open(f"{folder}/../odd-images/{name}").convert("RGB")).transpose(2, 0, 1))
deep = (rgb[:, :, 0].astype("u2") << 8) + rgb[:, :, 1]
Image.fromarray(deep).save(f"{folder}/../odd-images/deep.png")
told.insert(2, np.repeat(rgb[None, :, :, 0], 3, 0))  # the upper byte; Pillow cuts off what is above 255
np.save(f"{folder}/../odd-images/rgb.npy", np.stack(told))
