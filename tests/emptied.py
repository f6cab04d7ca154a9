"""The database as the migrations left it, after a test with transactions of its own.

Django's `flush` empties every table and makes all permissions anew, which takes a second for each
such test. Here what has rows is emptied, and what migrations made is kept, or put back where a test
has changed it.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

# In the order in which they are made.
KEPT = (ContentType, Permission, Group, Group.permissions.through)


class AsMigrated:
    """Remembers what stands in a database that has just been migrated."""

    def __init__(self):
        self._rows = self._kept()
        kept = {model._meta.db_table for model in KEPT}
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self._tables = sorted(set(names) - kept)

    def restore(self):
        with transaction.atomic():  # the keys between tables are looked at when it ends
            for table in self._filled():
                self._run(f"DELETE FROM {self._quoted(table)}")
            if self._kept() != self._rows:
                self._put_back()

    def _kept(self):
        return [list(model.objects.order_by("pk").values()) for model in KEPT]

    def _put_back(self):
        for model in reversed(KEPT):
            self._run(f"DELETE FROM {self._quoted(model._meta.db_table)}")
        for model, rows in zip(KEPT, self._rows, strict=True):
            model.objects.bulk_create([model(**row) for row in rows], batch_size=500)
        ContentType.objects.clear_cache()

    def _filled(self):
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {self._quoted(table)})"
            for table in self._tables
        )
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return [name for (name,) in cursor.fetchall()]

    def _run(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def _quoted(self, table):
        return connection.ops.quote_name(table)
