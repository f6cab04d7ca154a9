"""Beside each start, what the clocks of its zone were to show at it.

Until now zone data came from the machine where it had any, so that is what was meant by the starts
that are there: where the package says otherwise, staff are asked.
"""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from django.db import migrations, models

MACHINE = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")


def fill(apps, schema_editor):
    known = available_timezones()
    rows = apps.get_model("conferences", "Conference").objects.using(schema_editor.connection.alias)
    for row in rows.exclude(starts_at=None).iterator():
        if row.timezone in known:
            shown = row.starts_at.astimezone(_zone(row.timezone)).replace(tzinfo=None, fold=0)
            at = row.starts_at.astimezone(UTC).isoformat()
            kept = {"at": at, "zone": row.timezone, "shown": shown.isoformat()}
            rows.filter(pk=row.pk).update(planned_clock=kept)


def _zone(name):
    for folder in MACHINE:
        try:
            with (Path(folder) / name).open("rb") as file:
                return ZoneInfo.from_file(file, key=name)
        except (OSError, ValueError):
            continue
    return ZoneInfo(name)


class Migration(migrations.Migration):

    dependencies = [
        ('conferences', '0008_moderator_fixed'),
    ]

    operations = [
        migrations.AddField(
            model_name='conference',
            name='planned_clock',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
