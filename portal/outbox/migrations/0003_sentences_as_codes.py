"""Problems of entries are kept as codes with parameters; what was answered is kept beside them."""

from django.db import migrations, models

from portal.common import texts


def carry_over(apps, schema_editor):
    """What stands there reads as it was written."""
    texts.rewrite(apps.get_model("outbox", "OutboxEntry").objects.all(), "problem")


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0002_rank_and_superseded'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxentry',
            name='answers',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='outboxentry',
            name='field_errors',
            field=models.JSONField(blank=True, decoder=texts.TextDecoder, default=dict, encoder=texts.TextEncoder),
        ),
        migrations.AlterField(
            model_name='outboxentry',
            name='problem',
            field=texts.SentenceField(blank=True, default=''),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
