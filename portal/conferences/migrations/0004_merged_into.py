"""An entry that was merged away and has to stay says into whom."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conferences", "0003_moved_to")]

    operations = [
        migrations.AddField(
            model_name="attendee",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="merged",
                to="conferences.attendee",
            ),
        ),
    ]
