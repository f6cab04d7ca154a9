from django.db import migrations, models


def note_what_was_found(apps, schema_editor):
    """Those that a webinar closed: it stands there, or history says so."""
    using = schema_editor.connection.alias
    polls = apps.get_model("conferences", "DatePoll").objects.using(using)
    changes = apps.get_model("conferences", "Change").objects.using(using)
    led = changes.filter(kind="date_poll", action="date found").values("local_id")
    closed = polls.filter(closed_at__isnull=False)
    closed.filter(models.Q(conference__isnull=False) | models.Q(pk__in=led)).update(found=True)


class Migration(migrations.Migration):
    dependencies = [
        ("conferences", "0045_room_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="datepoll",
            name="found",
            field=models.BooleanField(
                default=False, help_text="It was closed by a webinar that came of it."
            ),
        ),
        migrations.RunPython(note_what_was_found, migrations.RunPython.noop),
    ]
