"""Notice a database that was restored: it knows less than had happened before.

The database counts each round of work before anything leaves. The last number stands beside it as
well, in a small file that no backup of the database holds (`GENERATION_FILE`). After a restore
the database is behind its file, until `accept`. Without the file (a new machine, a new directory)
nothing can be noticed: `manage.py after_restore` is for that.
"""

import json
import logging
import os
import threading
from pathlib import Path

from django.conf import settings
from django.db.models import F

from portal.platforms.models import Generation

logger = logging.getLogger(__name__)
MOST_KEPT = 50  # databases that one file knows of


def tick() -> bool:
    """Count one round of work; False where this database is older than what has happened. Call it
    outside of transactions, before anything leaves."""
    if not settings.GENERATION_FILE:
        return True
    seen = _read()  # before the database is asked: it is never behind what is read here
    row, _ = Generation.objects.get_or_create(pk=1)
    if row.number < seen.get(row.mark, 0):
        return False
    Generation.objects.filter(pk=row.pk).update(number=F("number") + 1)
    _write(row.mark, row.number + 1)
    return True


def behind() -> bool:
    """Whether it still is older, asked under a lock: of several workers that saw it at the same
    moment, the first draws what follows. Call it inside the transaction that does."""
    row = Generation.objects.select_for_update().get(pk=1)
    return row.number < _read().get(row.mark, 0)


def accept() -> None:
    """What follows from a restore was drawn: go on counting from what was seen."""
    row, _ = Generation.objects.get_or_create(pk=1)
    row.number = max(row.number, _read().get(row.mark, 0)) + 1
    row.save(update_fields=["number"])
    _write(row.mark, row.number)


def _read() -> dict[str, int]:
    """Mark -> number, the newest last; empty where there is no file, or none that can be read."""
    if not settings.GENERATION_FILE:
        return {}
    try:
        found = json.loads(Path(settings.GENERATION_FILE).read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {mark: number for mark, number in found.items() if isinstance(number, int)}


def _write(mark: str, number: int) -> None:
    if not settings.GENERATION_FILE:
        return
    file, known = Path(settings.GENERATION_FILE), _read()
    number = max(known.pop(mark, 0), number)
    known = dict([*known.items(), (mark, number)][-MOST_KEPT:])
    draft = file.with_name(f"{file.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        draft.write_text(json.dumps(known))
        draft.replace(file)
    except OSError as error:
        logger.warning("%s cannot be written: %s", file, type(error).__name__)
