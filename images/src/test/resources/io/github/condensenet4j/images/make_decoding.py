"""Makes decoding.zip: small images and what Pillow 9.4 decodes them to.

images/NAME is a file; expected/NAME holds width and height (4 bytes each, big-endian) and the samples
of Image.open(...).convert("RGB"), or is empty where Pillow raises an exception. Nothing but Pillow is
needed.
"""
import io, os, struct, warnings, zipfile, zlib
from PIL import Image

warnings.simplefilter("ignore")
files = {}


def save(name, data):
    files[name] = data


def encode(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def picture(width, height):
    """A smooth picture with edges, so that colour sampling and clipping matter."""
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            edge = 255 if (x // 5 + y // 7) % 2 else 0
            image.putpixel((x, y), ((x * 13 + y * 3) % 256, (255 - y * 9) % 256, (edge + x * y) % 256))
    return image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, interlace=0, extra=b""):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def noise(count):
    state, out = 12345, bytearray()
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(state >> 16 & 255)
    return bytes(out)


def filtered(width, height, bits):
    """Rows of noise under all five filters in turn."""
    row = (width * bits + 7) // 8
    return b"".join(bytes([y % 5]) + noise(row * (y + 1))[-row:] for y in range(height))


def adam7(width, height, bits):
    rows = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        columns, lines = (width - x0 + dx - 1) // dx, (height - y0 + dy - 1) // dy
        if columns > 0 and lines > 0:
            rows += filtered(columns, lines, bits)
    return rows


colour = picture(37, 29)
gray = colour.convert("L")

# JPEG: sampling, components, markers
for sampling, value in (("444", 0), ("422", 1), ("420", 2)):
    save("jpeg_%s.jpg" % sampling, encode(colour, "JPEG", quality=80, subsampling=value))
    save("jpeg_%s_progressive.jpg" % sampling, encode(colour, "JPEG", quality=80, subsampling=value, progressive=True))
save("jpeg_gray.jpg", encode(gray, "JPEG", quality=90))
save("jpeg_cmyk.jpg", encode(colour.convert("CMYK"), "JPEG", quality=90))
plain = encode(colour, "JPEG", quality=80, subsampling=2)
without_jfif = plain[:2] + plain[20:]
save("jpeg_without_jfif.jpg", without_jfif)
no_subsampling = encode(colour, "JPEG", quality=80, subsampling=0)
save("jpeg_444_without_jfif.jpg", no_subsampling[:2] + no_subsampling[20:])


def adobe(transform):
    data = b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform)
    return b"\xff\xee" + struct.pack(">H", len(data) + 2) + data


for transform in (0, 1, 2):
    save("jpeg_adobe_%d.jpg" % transform, no_subsampling[:2] + adobe(transform) + no_subsampling[20:])
save("jpeg_jfif_and_adobe_0.jpg", no_subsampling[:20] + adobe(0) + no_subsampling[20:])
cmyk = encode(colour.convert("CMYK"), "JPEG", quality=90)
at = cmyk.index(b"Adobe")
save("jpeg_ycck.jpg", cmyk[:at + 11] + b"\x02" + cmyk[at + 12:])
save("jpeg_cmyk_without_adobe.jpg", cmyk[:at - 4] + cmyk[at + 12:])


def with_ids(data, ids):
    data = bytearray(data)
    frame = data.index(b"\xff\xc0")
    scan = data.index(b"\xff\xda")
    for i, name in enumerate(ids):
        data[frame + 10 + 3 * i] = name
        data[scan + 5 + 2 * i] = name
    return bytes(data)


save("jpeg_ids_rgb.jpg", with_ids(no_subsampling[:2] + no_subsampling[20:], b"RGB"))
save("jpeg_ids_other.jpg", with_ids(no_subsampling[:2] + no_subsampling[20:], b"\x05\x06\x07"))
exif = Image.Exif()
exif[0x112] = 6
save("jpeg_rotated_by_exif.jpg", encode(colour, "JPEG", quality=80, exif=exif))
save("jpeg_comment.jpg", plain[:20] + b"\xff\xfe\x00\x06abcd" + plain[20:])
save("jpeg_fill_bytes.jpg", plain[:20] + b"\xff\xff\xff" + plain[20:])
save("jpeg_restart.jpg", plain)
save("jpeg_trailing_bytes.jpg", plain + b"\x00" * 1000)
save("jpeg_one_pixel.jpg", encode(Image.new("RGB", (1, 1), (200, 10, 50)), "JPEG"))


# 4:4:0 sampling, which Pillow does not write: blocks of one level each
class Bits:
    def __init__(self):
        self.text = ""

    def code(self, bits):
        self.text += bits

    def level(self, difference):
        size = abs(difference).bit_length()
        self.code(format(size, "04b"))
        if size:
            self.code(format(difference if difference > 0 else difference + (1 << size) - 1, "0%db" % size))
        self.code("00")

    def data(self):
        text = self.text + "1" * (-len(self.text) % 8)
        packed = bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))
        return packed.replace(b"\xff", b"\xff\x00")


def sampled_440(columns, rows):
    def segment(marker, data):
        return b"\xff" + marker + struct.pack(">H", len(data) + 2) + data

    def table(kind, lengths, symbols):
        return segment(b"\xc4", bytes([kind]) + bytes(lengths) + bytes(symbols))

    out = b"\xff\xd8" + segment(b"\xdb", b"\x00" + b"\x08" + b"\x01" * 63)
    frame = struct.pack(">BHHB", 8, 16 * rows - 3, 8 * columns - 2, 3) + bytes([1, 0x12, 0, 2, 0x11, 0, 3, 0x11, 0])
    out += segment(b"\xc0", frame)
    out += table(0x00, [0, 0, 0, 12] + [0] * 12, range(12)) + table(0x10, [0, 1] + [0] * 14, [0])
    out += segment(b"\xda", bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0]))
    bits, last, seeds = Bits(), [0, 0, 0], noise(4 * columns * rows)
    for mcu in range(columns * rows):
        for i, component in enumerate((0, 0, 1, 2)):
            level = seeds[4 * mcu + i] - 128
            bits.level(level - last[component])
            last[component] = level
    return out + bits.data() + b"\xff\xd9"


save("jpeg_440.jpg", sampled_440(5, 6))
save("jpeg_440_one_row.jpg", sampled_440(3, 1))

# PNG: every colour type, depth, filter and interlacing
palette = chunk(b"PLTE", noise(3 * 200))
for name, depth, kind, samples in (
        ("gray1", 1, 0, 1), ("gray2", 2, 0, 1), ("gray4", 4, 0, 1), ("gray8", 8, 0, 1), ("gray16", 16, 0, 1),
        ("rgb8", 8, 2, 3), ("rgb16", 16, 2, 3), ("palette1", 1, 3, 1), ("palette2", 2, 3, 1), ("palette4", 4, 3, 1),
        ("palette8", 8, 3, 1), ("gray_alpha8", 8, 4, 2), ("gray_alpha16", 16, 4, 2), ("rgb_alpha8", 8, 6, 4),
        ("rgb_alpha16", 16, 6, 4)):
    extra = palette if kind == 3 else b""
    save("png_%s.png" % name, png(19, 11, depth, kind, filtered(19, 11, depth * samples), extra=extra))
    save("png_%s_interlaced.png" % name, png(19, 11, depth, kind, adam7(19, 11, depth * samples), 1, extra))
save("png_interlaced_tiny.png", png(2, 1, 8, 2, adam7(2, 1, 24), 1))
save("png_palette_transparent.png", png(8, 8, 8, 3, filtered(8, 8, 8), extra=palette + chunk(b"tRNS", b"\x00\x80\xff")))
save("png_rgb_transparent.png", png(8, 8, 8, 2, filtered(8, 8, 24), extra=chunk(b"tRNS", b"\x00\x01" * 3)))
save("png_gray_transparent.png", png(8, 8, 8, 0, filtered(8, 8, 8), extra=chunk(b"tRNS", b"\x00\x01")))
save("png_gamma.png", png(8, 8, 8, 2, filtered(8, 8, 24), extra=chunk(b"gAMA", struct.pack(">I", 100000))))
save("png_one_pixel.png", png(1, 1, 8, 2, b"\x00\x01\x02\x03"))
save("png_gray16_dark.png", png(4, 2, 16, 0, b"\x00" + bytes(range(8)) + b"\x00\x00\xfe\x00\xff\x01\x00\x00\x07"))
rows = filtered(40, 40, 24)
packed = zlib.compress(rows)
many = b"".join(chunk(b"IDAT", packed[i:i + 100]) for i in range(0, len(packed), 100))
save("png_many_chunks.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)) + many + chunk(b"IEND", b""))
save("png_named.jpg", encode(colour, "PNG"))
save("jpeg_named.png", plain)

# GIF
save("gif_gray.gif", encode(gray, "GIF"))
save("gif_palette.gif", encode(colour.convert("P", palette=Image.ADAPTIVE, colors=60), "GIF"))
save("gif_interlaced.gif", encode(colour.convert("P", palette=Image.ADAPTIVE, colors=200), "GIF", interlace=1))
save("gif_transparent.gif", encode(colour.convert("P", palette=Image.ADAPTIVE, colors=30), "GIF", transparency=3))
save("gif_large.gif", encode(picture(150, 130).convert("P", palette=Image.ADAPTIVE), "GIF"))


def small_frame(transparent):
    body = bytearray(encode(colour.convert("P", palette=Image.ADAPTIVE, colors=16), "GIF", transparency=transparent)
                     if transparent is not None else encode(colour.convert("P", palette=Image.ADAPTIVE, colors=16), "GIF"))
    struct.pack_into("<HH", body, 6, 45, 33)
    body[11] = 5
    frame = body.index(b"\x2c", 13 + 3 * 16)
    struct.pack_into("<HH", body, frame + 1, 3, 2)
    return bytes(body)


save("gif_small_frame.gif", small_frame(None))
save("gif_small_frame_transparent.gif", small_frame(2))

# BMP
for mode in ("1", "L", "P", "RGB", "RGBA"):
    image = colour.convert(mode)
    if mode == "P":
        image = colour.convert("P", palette=Image.ADAPTIVE, colors=77)
    save("bmp_%s.bmp" % mode.lower(), encode(image, "BMP"))


def bmp(width, height, bits, compression, data, palette=b"", masks=b"", colours=0):
    offset = 54 + len(palette) + len(masks)
    return (b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(data), 0, 0, colours, 0)
            + masks + palette + data)


four = noise(4 * 16)
save("bmp_4_bits.bmp", bmp(13, 5, 4, 0, noise(8 * 5), four))
save("bmp_top_down.bmp", bmp(13, -5, 24, 0, noise(40 * 5)))
save("bmp_16_bits.bmp", bmp(13, 5, 16, 0, noise(28 * 5)))
save("bmp_565.bmp", bmp(13, 5, 16, 3, noise(28 * 5), masks=struct.pack("<III", 0xf800, 0x7e0, 0x1f)))
save("bmp_rle8.bmp", bmp(6, 3, 8, 1, b"\x04\x07\x02\x09\x00\x00\x00\x05\x01\x02\x03\x04\x05\x00\x01\x06\x00\x00\x06\x01\x00\x01", noise(4 * 256)))
save("bmp_rle4.bmp", bmp(6, 2, 4, 2, b"\x06\x17\x00\x00\x00\x06\x12\x34\x56\x00\x00\x01", four))

# PNM
save("pnm_gray.pgm", encode(gray, "PPM"))
save("pnm_rgb.ppm", encode(colour, "PPM"))
save("pnm_bits.pbm", encode(colour.convert("1"), "PPM"))
save("pnm_comment.ppm", b"P6 # a comment\n3 2 100\n" + bytes(range(60, 78)))

# what cannot be read
save("bad_empty.jpg", b"")
save("bad_text.jpg", b"this is not an image\n")
save("bad_jpeg_cut_in_data.jpg", plain[:len(plain) * 2 // 3])
save("bad_jpeg_cut_in_headers.jpg", plain[:100])
save("bad_jpeg_two_bytes.jpg", plain[:2])
save("bad_jpeg_progressive_cut.jpg", encode(colour, "JPEG", progressive=True)[:700])
save("bad_png_cut.png", encode(colour, "PNG")[:400])
save("bad_png_signature.png", b"\x89PNG\r\n\x1a\n")
save("bad_png_flipped_header.png", png(4, 4, 8, 2, filtered(4, 4, 24)).replace(b"IHDR\x00\x00\x00\x04", b"IHDR\x00\x00\x00\x05"))
save("bad_png_bomb.png", png(30000, 30000, 8, 2, b"\x00" * 100))
save("bad_png_wide.png", png(2**31 - 1, 2**31 - 1, 8, 2, b"\x00" * 100))
save("bad_gif_cut.gif", encode(picture(150, 130).convert("P"), "GIF")[:3000])
save("bad_bmp_cut.bmp", encode(colour, "BMP")[:500])
save("bad_bmp_negative.bmp", bmp(-5, 5, 24, 0, noise(100)))
save("bad_ppm_cut.ppm", encode(colour, "PPM")[:200])
save("bad_jpeg_bomb.jpg", with_ids(plain, b"\x01\x02\x03").replace(struct.pack(">HH", 29, 37), struct.pack(">HH", 65000, 65000)))

with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "decoding.zip"), "w") as archive:
    def put(name, data):
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)

    for name in sorted(files):
        put("images/" + name, files[name])
        try:
            with Image.open(io.BytesIO(files[name])) as image:
                rgb = image.convert("RGB")
                put("expected/" + name, struct.pack(">II", *rgb.size) + rgb.tobytes())
        except Exception as e:
            put("expected/" + name, b"")
            print(name, type(e).__name__, e)
