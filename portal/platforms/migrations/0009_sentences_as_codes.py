"""Problems of accounts, and why they are paused, are kept as codes with parameters."""

from django.db import migrations

from portal.common import texts

# What an account that was paused after a restore says.
_LOOK = "The database was restored from a backup. Look at what needs attention, then resume."
WHY = {
    _LOOK: "restored.paused",
    f"{_LOOK} People are told of changes made there only after somebody was asked: they may have "
    "heard of them before. Set it on the account's settings again when all is settled.": (
        "restored.asks"
    ),
}


def carry_over(apps, schema_editor):
    """What stands there reads as it was written."""
    texts.rewrite(apps.get_model("platforms", "AccountRuntime").objects.all(), "problem")
    texts.rewrite(apps.get_model("platforms", "PlatformAccount").objects.all(), "paused_why", WHY)


class Migration(migrations.Migration):

    dependencies = [
        ('platforms', '0008_runtime_alone'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accountruntime',
            name='problem',
            field=texts.SentenceField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='platformaccount',
            name='paused_why',
            field=texts.SentenceField(blank=True, default='', help_text='Where Lectern paused it by itself: the reason.'),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
