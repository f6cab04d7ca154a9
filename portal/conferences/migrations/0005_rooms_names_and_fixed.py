"""Say why a platform keeps a moderator; take off the dash that stood for a missing last name."""

from django.db import migrations, models


def take_off(apps, schema_editor):
    """Earlier releases filled a missing last name with a dash, which came back from platforms."""
    apps.get_model("conferences", "Attendee").objects.filter(last_name="-").update(last_name="")


class Migration(migrations.Migration):
    dependencies = [("conferences", "0004_merged_into")]
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
        migrations.RunPython(take_off, migrations.RunPython.noop),
    ]
