"""What the order of lists needs beside a row: how many are registered, and one key a mailbox."""

from django.db import migrations, models
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from portal.conferences.models.folded import FoldedField
from portal.conferences.models.people import mailbox

BATCH = 500


def fill(apps, editor):
    """Set the new columns of every row."""
    using = editor.connection.alias
    registration = apps.get_model("conferences", "Registration")
    attendee = apps.get_model("conferences", "Attendee")
    conference = apps.get_model("conferences", "Conference")
    for model, key, column in (
        (attendee, "attendee", "webinars_counted"),
        (conference, "conference", "people_counted"),
    ):
        standing = registration.objects.filter(removed_at=None, **{key: OuterRef("pk")})
        counted = standing.order_by().values(key).annotate(n=Count("pk")).values("n")
        number = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        model.objects.using(using).update(**{column: number})
    rows, last = attendee.objects.using(using).order_by("pk").only("pk", "email"), 0
    while some := list(rows.filter(pk__gt=last)[:BATCH]):
        for row in some:
            row.mailbox_key = mailbox(row.email)
        attendee.objects.using(using).bulk_update(some, ["mailbox_key"], batch_size=BATCH)
        last = some[-1].pk


def column(source):
    return FoldedField(blank=True, default="", editable=False, source=source)


def counter():
    return models.PositiveIntegerField(
        default=0, editable=False, help_text="As last counted: for the order of lists."
    )


class Migration(migrations.Migration):
    dependencies = [("conferences", "0013_cancel_reason_as_code")]

    operations = [
        migrations.AddField("attendee", "mailbox_key", column("_mailbox_key")),
        migrations.AddField("attendee", "webinars_counted", counter()),
        migrations.AddField("conference", "people_counted", counter()),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
