"""People are found by a part of a word: PostgreSQL looks it up by its trigrams.

SQLite, whose trigrams would need a table of their own, reads the column through.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Trigrams(TrigramExtension):
    """It stays when this is undone: something else in the database may use it by then."""

    def database_backwards(self, app_label, editor, from_state, to_state):
        pass


def make(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE INDEX attendee_by_trigrams ON conferences_attendee"
            " USING gin (search_key gin_trgm_ops)"
        )


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX attendee_by_trigrams")


class Migration(migrations.Migration):
    dependencies = [("conferences", "0015_indexes_of_long_lists")]

    operations = [Trigrams(), migrations.RunPython(make, drop)]
