"""What may be shown of answers: no number, and no difference of two, is about fewer than k people.

Before a result is certified, the blocks but the last one are shown, and of them only what everybody had to
answer: of other items a later block may hold few answers. The last block has at least 2k responses where
there is one before it (`intake.sealing`), so what fewer than k exclusions leave of it is about k or more.
"""

from collections.abc import Collection
from dataclasses import replace

from tera.engine.tally import Tally

K = 10


def shown(tally: Tally) -> Tally:
    """Return a tally without the items that fewer than k people answered: they count as not answered."""
    counts = {code: row if sum(row.values()) >= K else {} for code, row in tally.counts.items()}
    return replace(tally, counts=counts)


def shown_before(tally: Tally, required: Collection[str]) -> Tally:
    """Return what may be shown of a tally before it is certified: the items that everybody must answer."""
    return shown(
        replace(tally, counts={code: tally.counts[code] for code in tally.counts if code in required})
    )


def shown_with(tally: Tally, excluded: Tally) -> Tally:
    """Return what may be shown of a tally with the excluded responses in it, beside the one without them.

    Items that some, but fewer than k, of the excluded answered are left out.
    """
    few = {code for code, row in excluded.counts.items() if 0 < sum(row.values()) < K}
    return shown(replace(tally, counts={code: row for code, row in tally.counts.items() if code not in few}))


def may_show_with(excluded: int) -> bool:
    """Say whether a result may be shown with and without so many excluded responses."""
    return excluded >= K


def may_certify(last_block: int, removed_from_it: int, *, has_earlier: bool) -> bool:
    """Say whether what counts and was not shown before is about k people or more."""
    return not has_earlier or last_block - removed_from_it >= K
