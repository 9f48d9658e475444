"""Surveys that ended before steps were recorded get those that they had taken."""

from django.db import migrations

NOTE = "Dicatat kemudian: terjadi sebelum langkah-langkah dicatat."


def record(apps, editor):
    """Write the steps of each survey from what is known of it: the ledger, its screening, its certification."""
    Campaign, Step = apps.get_model("surveys", "Campaign"), apps.get_model("surveys", "Step")
    Statement = apps.get_model("ledger", "Statement")
    Screening, Certification = (
        apps.get_model("review", "Screening"),
        apps.get_model("results", "Certification"),
    )
    places = dict(Statement.objects.values_list("name", "place"))
    screened = dict(Screening.objects.values_list("campaign", "made_at"))
    certified = {entry.campaign_id: entry for entry in Certification.objects.defer("strata")}
    for campaign in Campaign.objects.filter(steps=None).order_by("pk").iterator():
        if f"closed/{campaign.code}" not in places:
            continue
        known, certification = [("close", "CLOSED", None)], certified.get(campaign.pk)
        is_screened_first = not campaign.source and campaign.pk in screened
        if is_screened_first:
            known.append(("screen", "SCREENED", screened[campaign.pk]))
        if certification is not None:
            deed = "certify-imported" if campaign.source else "certify"
            known.append((deed, "CERTIFIED", certification.certified_at))
            if places.get(f"certified/{campaign.code}/1") is not None:
                known.append(("publish", "PUBLISHED", certification.certified_at))
        last = certification.certified_at if certification else screened.get(campaign.pk, campaign.opened_at)
        Step.objects.bulk_create(
            Step(campaign=campaign, number=number, deed=deed, stage=stage, note=NOTE, at=at or last)
            for number, (deed, stage, at) in enumerate(known, 1)
        )


class Migration(migrations.Migration):

    dependencies = [
        ("review", "0002_verification"),
        ("results", "0004_declined_exclusions"),
        ("surveys", "0006_steps"),
        ("ledger", "0003_trail_never_changes"),
    ]

    operations = [migrations.RunPython(record, migrations.RunPython.noop)]
