from datetime import date

from django.db import migrations


def begin_versions(apps, schema_editor):
    """What is known of a unit is taken to have been so for ever."""
    units, versions = apps.get_model("units", "Unit"), apps.get_model("units", "Version")
    kept = ("parent_id", "name", "short_name", "kind", "grade", "zone")
    versions.objects.bulk_create(
        versions(unit=unit, valid_from=date.min, valid_until=date.max, **{key: getattr(unit, key) for key in kept})
        for unit in units.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("units", "0002_dated")]
    operations = [migrations.RunPython(begin_versions, migrations.RunPython.noop)]
