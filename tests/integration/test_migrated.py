"""The database that a run's processes take copies of: made by the first, and by nobody again."""

import pytest
from django.db import connection

from tests import migrated

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite a file is copied"),
    pytest.mark.django_db,
]


def number_of(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [name])
        (found,) = cursor.fetchall()
    return found


def test_who_comes_later_takes_the_one_that_is_there():
    name = connection.settings_dict["TEST"]["TEMPLATE"]
    first = number_of(name)
    assert migrated.template() == name
    assert number_of(name) == first
