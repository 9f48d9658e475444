"""One survey as its dossier shows it to one person; each part is read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tera.portal.accounts.models import User
from tera.portal.results.methods.facts import Facts
from tera.portal.results.models import Certification
from tera.portal.results.queries import Result
from tera.portal.review.dossier import queries
from tera.portal.review.models import Summary
from tera.portal.surveys import gate
from tera.portal.surveys.models import Campaign
from tera.portal.units.models import Unit

OPEN, WAITS, READY = "open", "waits", "ready"


@dataclass(frozen=True)
class Case:
    """A campaign, who looks at it, and what is prepared of it."""

    campaign: Campaign
    user: User

    @cached_property
    def facts(self) -> Facts:
        """What the campaign holds."""
        return Facts(self.campaign)

    @property
    def result(self) -> Result:
        """Its result, as far as it is shown."""
        return self.facts.result

    @property
    def certification(self) -> Certification | None:
        """Its certification, once there is one."""
        return self.facts.certification

    @cached_property
    def closed_count(self) -> int | None:
        """How many responses it has; None until it is closed in the ledger."""
        return queries.closed_count(self.campaign)

    @cached_property
    def summary(self) -> Summary | None:
        """What the worker prepared."""
        return queries.summary_of(self.campaign)

    @property
    def values(self) -> Mapping[str, Any]:
        """What is prepared, by name; nothing until it is."""
        return self.summary.values if self.summary else {}

    @property
    def state(self) -> str:
        """Whether it is still open, waits for the worker, or is ready."""
        if self.summary is not None:
            return READY
        return OPEN if self.closed_count is None else WAITS

    @cached_property
    def office(self) -> Unit | None:
        """The office above the unit on the first day."""
        return self.campaign.office_above

    @cached_property
    def may_compare(self) -> bool:
        """Say whether this person may see other units' results before they are published."""
        return self.office is not None and self.user.may("compare-units", self.office)

    def may(self, permission: str) -> bool:
        """Say whether this person may do something with the campaign."""
        return gate.may(self.user, permission, self.campaign)
