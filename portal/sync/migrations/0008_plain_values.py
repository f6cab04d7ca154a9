from django.db import migrations, models


def rename(apps, schema_editor):
    """A duplicate was kept as "twin"; an accepted loss as "let_go"."""
    apps.get_model("sync", "PlatformLink").objects.filter(state="twin").update(state="duplicate")
    conflicts = apps.get_model("sync", "Conflict").objects
    conflicts.filter(sort="twin").update(sort="duplicate")
    conflicts.filter(resolution="let_go").update(resolution="accept_loss")


def rename_back(apps, schema_editor):
    apps.get_model("sync", "PlatformLink").objects.filter(state="duplicate").update(state="twin")
    conflicts = apps.get_model("sync", "Conflict").objects
    conflicts.filter(sort="duplicate").update(sort="twin")
    conflicts.filter(resolution="accept_loss").update(resolution="let_go")


class Migration(migrations.Migration):
    dependencies = [("sync", "0007_runs_from_their_start")]

    operations = [
        migrations.AlterField(
            model_name="conflict",
            name="sort",
            field=models.CharField(
                choices=[
                    ("field", "Changed on both sides"),
                    ("delete", "Cancelled here, changed there"),
                    ("gone", "Removed there"),
                    ("duplicate", "There twice"),
                    ("flip", "Changes back and forth"),
                    ("refused", "The platform keeps its own value"),
                    ("clock", "Moved by new time zone data"),
                    ("which", "Which one is it?"),
                    ("address", "Another address on the platform"),
                ],
                default="field",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="platformlink",
            name="state",
            field=models.CharField(
                choices=[
                    ("live", "Synced"),
                    ("gone", "Removed there"),
                    ("deleted", "Deleted there by us"),
                    ("duplicate", "A duplicate, not imported"),
                ],
                default="live",
                max_length=10,
            ),
        ),
        migrations.RunPython(rename, rename_back),
    ]
