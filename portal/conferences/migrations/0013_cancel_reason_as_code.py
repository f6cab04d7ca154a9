"""The reason of a cancellation may be a sentence of ours, kept as its code; a row from before reads
as its own words."""

from django.db import migrations

import portal.common.texts


class Migration(migrations.Migration):

    dependencies = [
        ("conferences", "0012_sentences_as_codes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="conference",
            name="cancel_reason",
            field=portal.common.texts.SentenceField(blank=True),
        ),
    ]
