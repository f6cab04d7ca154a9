"""Imported by the soak's workers: switches the guard off that `--guard-off` names, if it does."""

from tests.property.guard_off import switch_off

switch_off()
