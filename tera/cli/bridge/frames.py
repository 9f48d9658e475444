"""What goes over the socket between the server and a process of the portal: frames, their length first.

When the process is ready, it sends an empty frame. A request is a frame of JSON (its environment) and the
body in frames, ended by an empty one. An answer is a frame of JSON (status, headers, whether its body is
large) and a frame with the body. A large body is a file instead: it goes over a second socket, and first.
"""

import struct
from typing import IO

LENGTH = struct.Struct(">I")
END = LENGTH.pack(0)
READY = END
PIECE_BYTES = 64 * 1024


def framed(content: bytes) -> bytes:
    """Return a frame."""
    return LENGTH.pack(len(content)) + content


def read(stream: IO[bytes]) -> bytes:
    """Return what the next frame holds; EOFError where the other side has ended."""
    length = stream.read(LENGTH.size)
    if len(length) < LENGTH.size:
        raise EOFError("the other side has ended")
    (size,) = LENGTH.unpack(length)
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("the other side has ended in the middle of a frame")
    return content
