"""A database with all migrations applied: made once, copied by whoever wants one.

Migrating takes seconds, and every process of a run needs a database, as does each demo and worker
that a test starts. On SQLite what is kept lies in pytest's cache; on PostgreSQL it stands beside
the tests' databases until the run ends. Its name is made from everything that could change it, so
that a change of the portal's code makes it anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

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
            new = kept.with_suffix(".new")
            _migrate(f"sqlite:///{new}")
            new.rename(kept)
        shutil.copyfile(kept, to)


def _state() -> str:
    """What the database comes from: the portal's code and the pinned packages."""
    told = hashlib.sha256()
    for path in [HOME / "requirements.txt", *sorted((HOME / "portal").rglob("*.py"))]:
        told.update(str(path.relative_to(HOME)).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def template() -> str:
    """The name of a migrated PostgreSQL database, of which the server makes copies."""
    CACHE.mkdir(parents=True, exist_ok=True)
    name = f"{_templates()}{_state()}"
    with (CACHE / "lock").open("w") as lock, _server() as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            remove_templates()
            new = f"{name}_new"
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(new)))
            _migrate(_beside(new))
            names = sql.Identifier(new), sql.Identifier(name)
            server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
    return name


def remove_templates() -> None:
    """Leave nothing on the server, nor what a run that was killed has left."""
    with _server() as server:
        begins = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in server.execute(begins, [_templates()]).fetchall():
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _templates() -> str:
    return f"test_{urlsplit(os.environ['DATABASE_URL']).path.strip('/')}_migrated_"


def _beside(name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _server() -> psycopg.Connection:
    return psycopg.connect(_beside("postgres"), autocommit=True)


def _migrate(url: str) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=env, cwd=HOME, check=True, timeout=120)
