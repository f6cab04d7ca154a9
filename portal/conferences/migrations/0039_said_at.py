"""When somebody last said whether they come: answers by calendars arrive late, and twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0038_answers_there"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="said_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When they last said so themselves, by a link or their calendar.",
                null=True,
            ),
        ),
    ]
