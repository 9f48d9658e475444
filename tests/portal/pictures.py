"""Pictures built by hand, with what a camera writes into them."""

import struct
import zlib

PLACE = b"0\xc2\xb032'S 109\xc2\xb020'E"  # as words, so that it is found wherever it is left
MAKER = b"Ponsel Ratna"


def part(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def exif() -> bytes:
    """Return what a camera writes: a table of GPS with a latitude, its maker, and the place in words."""
    ifd = struct.pack("<HHHII", 1, 0x8825, 4, 1, 26) + struct.pack("<I", 0)
    gps = struct.pack("<HHHII", 1, 2, 5, 3, 44) + struct.pack("<I", 0)
    return b"Exif\0\0II*\0\x08\0\0\0" + ifd + gps + struct.pack("<6I", 0, 1, 32, 1, 0, 1) + MAKER + PLACE


def jpeg(*, width: int = 8, height: int = 8, tail: bytes = b"") -> bytes:
    """Return a grey JPEG of one block, with Exif, a small copy, a comment, and a tail after its end."""
    quantities = part(0xDB, b"\0" + bytes([1] * 64))
    frame = part(0xC0, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0))
    direct = part(0xC4, b"\x00" + bytes([1, *[0] * 15]) + b"\0")
    alternating = part(0xC4, b"\x10" + bytes([1, *[0] * 15]) + b"\0")
    scan = part(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x3f\xff\x00\xff\xd0\x3f"
    small = b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + MAKER[:3]
    return b"".join(
        (
            *(b"\xff\xd8", part(0xE0, small), part(0xE0, b"JFXX\0" + MAKER)),
            *(part(0xE1, exif()), part(0xE2, b"MPF\0" + PLACE), part(0xED, PLACE), part(0xFE, PLACE)),
            *(quantities, frame, direct, alternating, scan, b"\xff\xff\xd9", tail),
        )
    )


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*extra: bytes, width: int = 1, height: int = 1) -> bytes:
    """Return a grey PNG with Exif and text beside it, and with more chunks."""
    head = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\x7f")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            *(chunk(b"IHDR", head), chunk(b"gAMA", struct.pack(">I", 45455)), chunk(b"eXIf", exif()[6:])),
            *extra,
            *(chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"IDAT", pixels), chunk(b"IEND", b""), PLACE),
        )
    )


def webp(*extra: bytes) -> bytes:
    """Return a WebP of one pixel, with Exif and XMP beside it."""
    said = bytes([0x0C | 0x20, 0, 0, 0]) + bytes(6)
    return webp_of(
        (b"VP8X", said + PLACE),
        (b"VP8L", LOSSLESS),
        *((name, b"") for name in extra),
        (b"EXIF", exif()),
        (b"XMP ", PLACE),
    )


LOSSLESS = b"\x2f\0\0\0\0\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\x01"


def lossy(*, width: int = 1, height: int = 1, start: bytes = b"\x9d\x01\x2a") -> bytes:
    """Return the head of a frame, as a VP8 chunk begins."""
    return b"\x10\0\0" + start + struct.pack("<2H", width, height) + bytes(4)


def lossless(*, width: int, height: int) -> bytes:
    """Return the head of a VP8L chunk."""
    return b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(4)


def webp_of(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a WebP of these chunks."""
    body = b"".join(
        struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
