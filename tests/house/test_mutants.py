"""The table of mutants names guards and tests that are there: what was renamed proves nothing."""

import pytest

from tests.house import HOME
from tests.property.guard_off import PATCHES
from tests.property.mutants import MUTANTS, ON_POSTGRESQL

ALL = MUTANTS | ON_POSTGRESQL


@pytest.mark.parametrize("guard", ALL)
def test_a_guard_and_the_test_that_must_notice_are_there(guard):
    file, _, test = ALL[guard].partition("::")
    held = (HOME / file).read_text()
    # The state machine is named by its file alone: all of its steps may notice.
    assert f"def {test.partition('[')[0]}(" in held if test else "def test_" in held
    assert guard in PATCHES


def test_each_guard_that_can_be_off_has_a_test():
    assert PATCHES.keys() <= ALL.keys()
