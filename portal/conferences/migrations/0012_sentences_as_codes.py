"""Sentences are kept as codes with parameters; what stands there becomes "own words"."""

from django.db import migrations

import portal.common.texts

BATCH = 1000


def carry_over(apps, schema_editor):
    """A sentence of before reads as it was written: nobody can tell any more what stood in it."""
    for model, name in (("Change", "sentence"), ("Invitation", "problem")):
        rows = apps.get_model("conferences", model).objects
        waiting = []
        for row in rows.exclude(**{name: ""}).only(name).iterator(BATCH):
            waiting.append(row)
            if len(waiting) == BATCH:
                rows.bulk_update(waiting, [name])
                waiting = []
        rows.bulk_update(waiting, [name])


class Migration(migrations.Migration):

    dependencies = [
        ("conferences", "0011_search_everywhere"),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="sentence",
            field=portal.common.texts.SentenceField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="problem",
            field=portal.common.texts.SentenceField(blank=True, default=""),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
