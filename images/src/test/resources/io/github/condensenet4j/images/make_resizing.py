"""Makes resizing.zip: a synthetic picture and what Pillow 9.4 resizes it to.

Every entry holds width and height (4 bytes each, big-endian) and samples. picture is the picture,
WIDTHxHEIGHT_FILTER what Image.resize gives, evaluation_SIDE_SIZE_FILTER what torchvision's Resize(SIDE)
and CenterCrop(SIZE) give (their rules for sizes and offsets are written out here).
"""
import os, struct, zipfile
from PIL import Image

WIDTH, HEIGHT = 61, 47
picture = Image.new("RGB", (WIDTH, HEIGHT))
for y in range(HEIGHT):
    for x in range(WIDTH):
        edge = 255 if (x // 6 + y // 5) % 2 else 0
        picture.putpixel((x, y), ((x * 17 + y * 5) % 256, edge, (x * x + y * 31) % 256))

FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}


def evaluation(image, side, size, resample):
    width, height = image.size
    short, long = min(width, height), max(width, height)
    if short != side:
        longer = int(side * long / short)
        image = image.resize((side, longer) if width <= height else (longer, side), resample)
    width, height = image.size
    top, left = int(round((height - size) / 2.0)), int(round((width - size) / 2.0))
    return image.crop((left, top, left + size, top + size))


with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "resizing.zip"), "w") as archive:
    def put(name, image):
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), struct.pack(">II", *image.size) + image.tobytes(), zipfile.ZIP_DEFLATED, 9)

    put("picture", picture)
    for name, resample in FILTERS.items():
        for size in ((61, 47), (30, 23), (122, 94), (61, 20), (20, 47), (1, 1), (7, 200), (200, 7), (64, 64), (60, 46), (3, 2)):
            put("%dx%d_%s" % (size + (name,)), picture.resize(size, resample))
        for side, size in ((36, 32), (37, 32), (47, 40), (32, 32), (90, 73)):
            put("evaluation_%d_%d_%s" % (side, size, name), evaluation(picture, side, size, resample))
            put("evaluation_high_%d_%d_%s" % (side, size, name), evaluation(picture.transpose(Image.TRANSPOSE), side, size, resample))
