from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sync", "0006_another_address")]

    operations = [
        migrations.AddField(
            "syncrun", "answers", models.JSONField(blank=True, default=list)
        ),
        migrations.AddField(
            "syncrun",
            "fence",
            models.PositiveBigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField("syncrun", "worker", models.CharField(blank=True, max_length=120)),
    ]
