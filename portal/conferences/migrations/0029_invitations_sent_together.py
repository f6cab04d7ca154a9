"""Messages that reach a person as one. No row is touched, and the index is empty at first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0028_series"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="together",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Messages with the same one reach a person as one message.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("together__isnull", False)),
                fields=["together", "to_email"],
                name="invitations_sent_together",
            ),
        ),
    ]
