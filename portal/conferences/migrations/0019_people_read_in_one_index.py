"""SQLite finds people by a part of a word in one index, which holds all that the list needs.

It reads the index through, in the order of the list, and of the rows only those that fit. Half as
long as reading the rows; a table of trigrams (FTS5) is quicker for rare words and slower for
common ones, and each person that is written would be written there as well.
"""

from django.db import migrations


def make(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(
            "CREATE INDEX attendee_by_search ON conferences_attendee"
            " (sort_key, email, id, search_key, merged_into_id) WHERE merged_into_id IS NULL"
        )


def drop(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP INDEX attendee_by_search")


class Migration(migrations.Migration):
    dependencies = [("conferences", "0018_jobs")]

    operations = [migrations.RunPython(make, drop)]
