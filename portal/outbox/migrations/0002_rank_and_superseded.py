import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outboxentry",
            name="rank",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "One thing that a person asked for"),
                    (1, "One of many that a person asked for"),
                    (2, "Found by a sync"),
                ],
                default=0,
                help_text="What goes first: the smaller one.",
            ),
        ),
        migrations.AddField(
            model_name="outboxentry",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="outbox.outboxentry",
            ),
        ),
        migrations.AlterField(
            model_name="outboxentry",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("working", "Being sent"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("unknown", "Checking with the platform"),
                    ("superseded", "A newer one took its place"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
