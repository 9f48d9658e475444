from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0004_declined_exclusions'),
    ]

    operations = [
        migrations.AddField(
            model_name='certification',
            name='document',
            field=models.TextField(blank=True, default=''),
        ),
    ]
