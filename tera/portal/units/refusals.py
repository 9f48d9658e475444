"""Why a deed with units is refused: a code for the page, which has its own words, and a message for logs."""

SAYS = {
    "passed": "{day} has passed; what was stays as it stood, so choose {today} or later",
    "absent": "{unit} does not exist on {day}",
    "planned": "{unit} changes on {day} already; choose that day or later",
    "ends": "{unit} ends on {day}",
    "has-units": "{unit} has units below it on {day}; move them first",
    "begins": "{unit} begins on {begins} and cannot end by {day}",
    "merge-few": "a merger needs two units at least",
    "merge-itself": "{unit} cannot be merged into itself",
    "split-few": "a split gives two units at least",
    "known": "there is a unit {unit} already",
    "code-taken": "{scheme} {value} is the code of {unit}",
    "code-twice": "{scheme} {value} is given to two units",
    "below-itself": "{unit} would come to lie below itself",
}


class CannotReorganise(ValueError):
    """The deed would contradict the tree, or change the past; the message says how.

    `why` is one of `SAYS`, `facts` are the names and days that it is about.
    """

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(SAYS[why].format(**facts))
        self.why, self.facts = why, facts
