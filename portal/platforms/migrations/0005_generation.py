from django.db import migrations, models

import portal.platforms.models


def begin(apps, schema_editor):
    """Each database has its mark from the beginning, so that every backup holds it."""
    generation = apps.get_model("platforms", "Generation")
    generation.objects.create(pk=1, mark=portal.platforms.models.new_mark())


class Migration(migrations.Migration):
    dependencies = [("platforms", "0004_pace")]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mark",
                    models.CharField(default=portal.platforms.models.new_mark, max_length=32),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AddField(
            model_name="platformaccount",
            name="paused_why",
            field=models.CharField(
                blank=True,
                help_text="Where Lectern paused it by itself: the reason.",
                max_length=300,
            ),
        ),
    ]
