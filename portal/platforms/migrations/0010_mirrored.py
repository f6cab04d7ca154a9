"""How many records of each kind are mirrored from an account, kept by its syncs."""

from django.db import migrations, models
from django.db.models import Count


def count(apps, editor):
    """Count what stands here now; later each sync does."""
    using = editor.connection.alias
    links = apps.get_model("sync", "PlatformLink").objects.using(using)
    runtime = apps.get_model("platforms", "AccountRuntime").objects.using(using)
    standing = links.filter(state="live", external_id__isnull=False).order_by()
    found = {}
    for account, kind, number in standing.values_list("account_id", "kind").annotate(
        number=Count("pk")
    ):
        found.setdefault(account, {})[kind] = number
    for account, mirrored in found.items():
        runtime.filter(account=account).update(mirrored=mirrored)


class Migration(migrations.Migration):
    dependencies = [
        ("platforms", "0009_sentences_as_codes"),
        ("sync", "0009_sentences_as_codes"),
    ]

    operations = [
        migrations.AddField(
            "accountruntime",
            "mirrored",
            models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
