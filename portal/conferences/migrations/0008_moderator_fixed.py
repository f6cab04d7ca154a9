from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conferences", "0007_sort_and_search")]
    operations = [
        migrations.AddField(
            "moderator",
            "fixed",
            models.CharField(
                blank=True,
                default="",
                help_text="Why the platform never takes this person off.",
                max_length=200,
            ),
            preserve_default=False,
        ),
    ]
