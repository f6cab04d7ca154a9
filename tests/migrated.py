"""A SQLite database with all migrations applied: made once, copied by whoever wants one.

Migrating takes seconds, and every process of a run needs a database, as does each demo and worker
that a test starts. What is kept lies in pytest's cache under a name made from everything that
could change it, so that a change of the portal's code makes it anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house import HOME

CACHE = HOME / ".pytest_cache" / "migrated"


def copy(to: Path) -> None:
    """Put a migrated database there."""
    CACHE.mkdir(parents=True, exist_ok=True)
    kept = CACHE / f"{_state()}.sqlite3"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in CACHE.glob("*.sqlite3*"):
                old.unlink()
            _make(kept)
        shutil.copyfile(kept, to)


def _state() -> str:
    """What the database comes from: the portal's code and the pinned packages."""
    told = hashlib.sha256()
    for path in [HOME / "requirements.txt", *sorted((HOME / "portal").rglob("*.py"))]:
        told.update(str(path.relative_to(HOME)).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _make(kept: Path) -> None:
    new = kept.with_suffix(".new")
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{new}",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=env, cwd=HOME, check=True, timeout=120)
    new.rename(kept)
