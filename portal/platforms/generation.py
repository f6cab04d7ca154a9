"""Notice a database that was restored: it knows less than had happened before.

The database counts each round of work before anything leaves. The last number stands beside it as
well, in a small file that no backup of the database holds (`GENERATION_FILE`). After a restore
the next round counts a number that was counted before, and is told so. Without the file (a new
machine, a new directory) nothing can be noticed: `manage.py after_restore` is for that.
"""

import json
import logging
import os
from pathlib import Path

from django.conf import settings
from django.db.models import F

from portal.platforms.models import Generation

logger = logging.getLogger(__name__)
MOST_KEPT = 50  # databases that one file knows of


def tick() -> bool:
    """Count one round of work; False where it was counted before, so that this database is older
    than what has happened. Call it outside of transactions, before anything leaves."""
    if not settings.GENERATION_FILE:
        return True
    seen = _read()  # before the database counts: whoever is quicker counts further
    row = _count()
    if row.number <= seen.get(row.mark, 0):
        return False
    _write(row)
    return True


def accept() -> None:
    """What follows from a restore was drawn: go on counting from what was seen."""
    row = _count()
    seen = _read().get(row.mark, 0)
    Generation.objects.filter(pk=row.pk).update(number=max(row.number, seen) + 1)
    if settings.GENERATION_FILE:
        _write(Generation.objects.get(pk=row.pk))


def _count() -> Generation:
    if not Generation.objects.filter(pk=1).update(number=F("number") + 1):
        Generation.objects.get_or_create(pk=1, defaults={"number": 1})
    return Generation.objects.get(pk=1)


def _read() -> dict[str, int]:
    """Mark -> number, the newest last; empty where there is no file, or none that can be read."""
    try:
        found = json.loads(Path(settings.GENERATION_FILE).read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {mark: number for mark, number in found.items() if isinstance(number, int)}


def _write(row: Generation) -> None:
    file = Path(settings.GENERATION_FILE)
    known = _read()
    number = max(known.pop(row.mark, 0), row.number)
    known = dict([*known.items(), (row.mark, number)][-MOST_KEPT:])
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(known))
        draft.replace(file)
    except OSError as error:
        logger.warning("%s cannot be written: %s", file, type(error).__name__)
