from django.db import migrations, models
from django.db.models import OuterRef, Subquery

ZONES = [('Asia/Jakarta', 'WIB'), ('Asia/Makassar', 'WITA'), ('Asia/Jayapura', 'WIT')]


def keep_zones(apps, schema_editor):
    """Until now a campaign took the zone of its unit, which never changed."""
    units = apps.get_model("units", "Unit").objects.filter(pk=OuterRef("unit"))
    apps.get_model("surveys", "Campaign").objects.update(zone=Subquery(units.values("zone")))


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_levels_and_notice"), ("units", "0003_versions")]
    operations = [
        migrations.AddField("campaign", "zone", models.CharField(choices=ZONES, default="Asia/Jakarta", max_length=32), preserve_default=False),
        migrations.RunPython(keep_zones, migrations.RunPython.noop),
    ]
