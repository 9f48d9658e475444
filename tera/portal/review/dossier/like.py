"""Units like one another: of the same kind and period, below the same office."""

from django.db.models import QuerySet

from tera.portal.review.models import Summary
from tera.portal.surveys.models import Campaign
from tera.portal.surveys.queries import stood_below


def summaries_like(campaign: Campaign) -> QuerySet[Summary]:
    """Return what is prepared of the campaigns of units like that of a campaign, its own among them.

    Each unit has one: that of the campaign that began last.
    """
    office = campaign.office_above
    if office is None or campaign.source:
        return Summary.objects.none()
    like = {"period": campaign.period, "source": "", "unit__kind": campaign.unit.kind}
    campaigns = Campaign.objects.filter(stood_below(office), **like).order_by("starts_on", "pk")
    latest = dict(campaigns.values_list("unit", "pk"))
    latest[campaign.unit_id] = campaign.pk
    found = Summary.objects.filter(campaign__in=list(latest.values())).select_related("campaign__unit")
    return found.order_by("pk")
