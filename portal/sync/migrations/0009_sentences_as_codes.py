"""What the sync says of rows and runs is kept as codes with parameters."""

from django.db import migrations, models

from portal.common import texts


def carry_over(apps, schema_editor):
    """What stands there reads as it was written."""
    for model, name in (("Conflict", "sentence"), ("Hold", "reason"), ("SyncRun", "problem")):
        texts.rewrite(apps.get_model("sync", model).objects.all(), name)


class Migration(migrations.Migration):

    dependencies = [
        ('sync', '0008_plain_values'),
    ]

    operations = [
        migrations.AlterField(
            model_name='conflict',
            name='sentence',
            field=texts.SentenceField(default=''),
        ),
        migrations.AlterField(
            model_name='hold',
            name='reason',
            field=texts.SentenceField(default=''),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='problem',
            field=texts.SentenceField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='syncrun',
            name='steps',
            field=models.JSONField(decoder=texts.TextDecoder, default=list, encoder=texts.TextEncoder),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
