from django.db import migrations

from portal.conferences.models.conference import LONGEST_SEARCHED
from portal.conferences.models.folded import FoldedField, key_of
from portal.common.reader.characters import fold

BATCH = 500


def fold_what_is_there(apps, editor):
    """Set the new columns of every row, some at a time."""
    using = editor.connection.alias

    def of_person(row):
        row.company_key = key_of(row.company)

    def of_webinar(row):
        row.search_key = fold(f"{row.title} {row.description}"[:LONGEST_SEARCHED])

    def of_speaker(row):
        row.search_key = fold(f"{row.name} {row.email}")

    for name, needed, make, column in (
        ("Attendee", ("company",), of_person, "company_key"),
        ("Conference", ("title", "description"), of_webinar, "search_key"),
        ("Moderator", ("name", "email"), of_speaker, "search_key"),
    ):
        model, last = apps.get_model("conferences", name), 0
        rows = model.objects.using(using).order_by("pk").only("pk", *needed)
        while some := list(rows.filter(pk__gt=last)[:BATCH]):
            for row in some:
                make(row)
            model.objects.using(using).bulk_update(some, [column], batch_size=200)
            last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("conferences", "0010_platform_change")]

    operations = [
        migrations.AddField(
            "attendee",
            "company_key",
            FoldedField(
                blank=True, db_index=True, default="", editable=False, source="_company_key"
            ),
        ),
        migrations.AddField(
            "conference",
            "search_key",
            FoldedField(blank=True, default="", editable=False, source="_search_key"),
        ),
        migrations.AddField(
            "moderator",
            "search_key",
            FoldedField(blank=True, default="", editable=False, source="_search_key"),
        ),
        migrations.RunPython(fold_what_is_there, migrations.RunPython.noop, elidable=True),
    ]
