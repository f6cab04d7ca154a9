"""Who waits for an approval, as every page counts it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0036_kinds_of_questions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("removed_at", None), ("stage", "approval")),
                fields=["conference", "removed_at", "stage"],
                name="waiting_for_approval",
            ),
        ),
    ]
