from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0003_tokens")]
    operations = [
        migrations.AddField(
            "platformaccount",
            "pace",
            models.FloatField(
                blank=True,
                help_text="Requests a minute, where the platform asked for fewer.",
                null=True,
            ),
        ),
    ]
