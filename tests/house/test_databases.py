"""What runs again on PostgreSQL is named, and names of tests that are there."""

import re

from tests.databases import FILES
from tests.house import HOME

# What cannot be tried by one connection on SQLite, or is different there.
DIFFERENT = re.compile(
    r"transaction=True|transactional_db|connection\.vendor|select_for_update|threading\.Thread"
)


def test_each_of_the_list_is_there():
    assert not [name for name in FILES if not (HOME / name).exists()]


def test_whatever_meets_a_difference_is_in_the_list():
    for folder in ("integration", "property"):
        for path in (HOME / "tests" / folder).glob("test_*.py"):
            name = f"tests/{folder}/{path.name}"
            assert name in FILES or not DIFFERENT.search(path.read_text()), name
