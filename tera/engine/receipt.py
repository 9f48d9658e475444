"""What the signature under a receipt covers.

The layout is fixed for ever; every number is unsigned and big-endian:

    size      field
    15        the text "tera/receipt/v1"
    32        commitment
    2         day of arrival in the unit's zone, days since 1970-01-01
    1 + c     campaign code, its length in bytes first, ASCII

The signature is Ed25519 (RFC 8032) over these bytes. It is deterministic: whoever asks again gets the same.
"""

DOMAIN = b"tera/receipt/v1"
COMMITMENT_BYTES = 32


def message(commitment: bytes, campaign: str, day: int) -> bytes:
    """Return the bytes that are signed; ValueError where a field does not fit its size."""
    if len(commitment) != COMMITMENT_BYTES:
        raise ValueError(f"a commitment has {COMMITMENT_BYTES} bytes, not {len(commitment)}")
    code = campaign.encode("ascii")
    return DOMAIN + commitment + day.to_bytes(2, "big") + bytes([len(code)]) + code
