"""What may be shown of answers: no number, and no difference of two, is about fewer than k people.

Before a result is certified, the blocks but the last one are shown, and of them only what everybody had to
answer: of other items a later block may hold few answers. The last block has at least 2k responses where
there is one before it (`intake.sealing`), so what fewer than k exclusions leave of it is about k or more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tera.engine.tally import EMPTY, Tally

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


def may_show_with(excluded: int, number: int = 1) -> bool:
    """Say whether a result may be shown with and without so many excluded responses.

    A corrected one, whose `number` is above 1, is not: the former stands beside it already.
    """
    return excluded >= K and number == 1


def may_correct(former: Mapping[str, Tally], corrected: Mapping[str, Tally]) -> bool:
    """Say whether two results of a campaign may stand beside each other, by questionnaire.

    None of the numbers of the former that is about k people or more, so that it is shown, is about some but
    fewer than k people more than that of the corrected one.
    """
    return all(_are_apart(tally, corrected.get(name, EMPTY)) for name, tally in former.items())


def _are_apart(more: Tally, fewer: Tally) -> bool:
    pairs = [(more.respondents, fewer.respondents)]
    pairs += [(more.of_items([code])[0], fewer.of_items([code])[0]) for code in more.counts]
    return all(one < K or one - other not in range(1, K) for one, other in pairs)


def may_certify(last_block: int, removed_from_it: int, *, has_earlier: bool) -> bool:
    """Say whether what counts and was not shown before is about k people or more."""
    return not has_earlier or last_block - removed_from_it >= K


def shown_cells(counts: Mapping[str, int], k: int = K) -> dict[str, int | None]:
    """Return what may be shown of how many people chose each code, where their sum is known: None is hidden.

    Cells below k are hidden, and the next larger ones with them until

        k <= s <= (k - 1)(h - 1)                  where only cells below k are hidden
        2k - 1 <= s <= (h - 1)(smallest shown - 1)    where larger ones are

    for h hidden cells with the sum s. So the hidden cells are about k people or more together, and each of
    them may still be one of several numbers below k for who knows the sum and this rule. Zeros are hidden
    like other small cells, except where nothing else is: then the sum tells them anyway.
    """
    order = sorted(counts, key=lambda code: (counts[code], code))
    sizes = [counts[code] for code in order]
    few = sum(size < k for size in sizes)
    hidden = few if sum(sizes[:few]) else 0
    while 0 < hidden < len(order) and not _hides(sizes, hidden, few, k):
        hidden += 1
    return {code: None if code in order[:hidden] else counts[code] for code in counts}


def _hides(sizes: Sequence[int], hidden: int, few: int, k: int) -> bool:
    """Say whether that many of the smallest cells hide each other."""
    together = sum(sizes[:hidden])
    if hidden == few:
        return k <= together <= (k - 1) * (hidden - 1)
    return 2 * k - 1 <= together <= (hidden - 1) * (sizes[hidden] - 1)
