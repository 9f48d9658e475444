"""An app on a phone that shows six digits (RFC 6238), written anew so that it checks ours."""

import base64
import hmac
import struct
import time


def code_of(secret: str, period: int = 30) -> str:
    """Return what the app shows now."""
    step = struct.pack(">Q", int(time.time()) // period)
    digest = hmac.digest(base64.b32decode(secret), step, "sha1")
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
