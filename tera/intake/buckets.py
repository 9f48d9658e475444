"""How often one address may ask: a bucket of tokens that fills again; in memory, never stored or logged."""

import re
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network

MOST_ADDRESSES = 10_000
NETWORK_BITS = 64


class Buckets:
    """A bucket for each address, full at first. An address whose bucket is full again is forgotten."""

    def __init__(self, size: int, per_second: float, clock: Callable[[], float]) -> None:
        """Let each address take `size` tokens at once and `per_second` after that."""
        self._size = size
        self._per_second = per_second
        self._clock = clock
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Return how many addresses are remembered."""
        return len(self._full_at)

    def take(self, address: str) -> int:
        """Take a token; return 0, or in how many seconds there is one for this address."""
        now = self._clock()
        full_at = max(self._full_at.get(address, now), now) + 1 / self._per_second
        missing = full_at - now - self._size / self._per_second
        if missing > 0:
            return int(missing) + 1
        self._full_at[address] = full_at
        if len(self._full_at) > MOST_ADDRESSES:
            self._forget(now)
        return 0

    def _forget(self, now: float) -> None:
        """Forget full buckets; where all are in use, also those that are fullest: a bound comes first."""
        in_use = sorted((item for item in self._full_at.items() if item[1] > now), key=lambda item: item[1])
        self._full_at = dict(in_use[-MOST_ADDRESSES // 2 :])


def address_of(forwarded: Sequence[str]) -> str:
    """Return whom the proxy in front saw, from all X-Forwarded-For of a request; "" where there is none.

    The last address is the proxy's own word, others may be lies. A port is cut off; of IPv6 the network
    counts, because one household has all of it. What is no address shares one bucket.
    """
    if not forwarded:
        return ""
    last = forwarded[-1].rpartition(",")[2].strip()
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", last)
    try:
        found = ip_address(bare)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ip_network((found, NETWORK_BITS), strict=False))
