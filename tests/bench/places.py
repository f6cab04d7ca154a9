"""Databases of the bench's own, processes in which it measures, and how it measures there."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from tests import migrated
from tests.house import HOME

WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM|COPY|MERGE INTO)\s+"?(\w+)', re.I)
# What every run writes: its own row, and who may ask the platform how often.
OF_THE_RUN = frozenset({"sync_syncrun", "platforms_accountruntime"})


@contextmanager
def database(url: str) -> Iterator[dict[str, str]]:
    """A migrated database, removed at the end; answers the environment of processes that use it.

    Empty: a SQLite file. Else a PostgreSQL server, named by the address of any of its databases:
    one of our own is made beside it.
    """
    with _surroundings() as (folder, base):
        if not url:
            file = Path(folder) / "bench.sqlite3"
            migrated.copy(file)
            yield base | {"DATABASE_URL": f"sqlite:///{file}"}
            return
        with _postgres(url) as made:
            yield _migrated(base | {"DATABASE_URL": made})


@contextmanager
def kept(url: str) -> Iterator[tuple[dict[str, str], bool]]:
    """A migrated database of PostgreSQL that stays there for the next time, by its own address;
    and whether it was made just now."""
    server = urlsplit(url)
    with _surroundings() as (_, base):
        made = _make(server._replace(path="/postgres").geturl(), server.path.strip("/"))
        yield _migrated(base | {"DATABASE_URL": url}), made


@contextmanager
def _surroundings() -> Iterator[tuple[str, dict[str, str]]]:
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as folder:
        base = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
        yield folder, base | {"BENCH_FOLDER": folder, "PYTHONPATH": str(HOME)}


def _migrated(env: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=env, cwd=HOME, check=True)
    return env


def _make(admin: str, name: str) -> bool:
    """Make a database, unless there is one of that name."""
    import psycopg

    with psycopg.connect(admin, autocommit=True) as line:
        if line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        line.execute(f'CREATE DATABASE "{name}"')
    return True


@contextmanager
def _postgres(url: str) -> Iterator[str]:
    import psycopg

    server = urlsplit(url)
    name = f"{server.path.strip('/') or 'lectern'}_bench_{os.getpid()}"
    admin = server._replace(path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}"')
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measured(module: str, env: dict[str, str], **given: Any) -> Any:
    """What `run(**given)` of a module answers, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.places", module]
    done = subprocess.run(
        command, env=env, cwd=HOME, check=True, input=json.dumps(given), text=True, stdout=-1
    )
    return json.loads(done.stdout.splitlines()[-1])


@dataclass
class Figures:
    """What a block cost: seconds, those in which this process was at work, statements, writes but
    those of every run, and how much memory the process grew by at the most, in MB."""

    seconds: float = 0.0
    busy: float = 0.0
    statements: int = 0
    writes: int = 0
    grown: float = 0.0


def cost(job: Callable[[], Any], after: Callable[[Any], dict[str, Any]] | None = None) -> Any:
    """Do it, and answer its figures, with what `after` says of its result."""
    before = _settled_memory()
    with counted() as statements:
        begun, busy = time.perf_counter(), time.process_time()
        result = job()
        seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    grown = max(_memory("VmHWM") - before, 0.0)
    figures = Figures(seconds, busy, len(statements), len(written(statements)), grown)
    return asdict(figures) | (after(result) if after else {})


def quickest(job: Callable[[], Any]) -> dict[str, Any]:
    """The figures of the quickest of three times, of what can be done again and changes nothing."""
    return min((dict(cost(job)) for _ in range(3)), key=lambda one: one["seconds"])


def written(statements: list[str]) -> list[str]:
    """The tables that were written to, one for each statement, without what every run writes."""
    tables = [found[2] for one in statements if (found := WRITES.match(one))]
    return [table for table in tables if table not in OF_THE_RUN]


@contextmanager
def counted() -> Iterator[list[str]]:
    """A list that gets each statement that the block sends to the database.

    What a COPY is started with is one. Many rows of one `executemany` are one where they are one
    to the database (SQLite), and as many as there are rows on PostgreSQL, where each is sent.
    """
    from django.db import connection

    statements: list[str] = []

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        times = 1
        if many and connection.vendor == "postgresql":
            params = list(params)
            times = len(params)
        statements.extend([str(sql)] * times)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count), _copies(connection.vendor, statements):
        yield statements


@contextmanager
def _copies(vendor: str, statements: list[str]) -> Iterator[None]:
    """COPY goes past Django's wrappers, straight to the driver."""
    if vendor != "postgresql":
        yield
        return
    import psycopg

    plain = psycopg.Cursor.copy

    def copy(cursor: Any, statement: Any, *args: Any, **named: Any) -> Any:
        statements.append(str(statement))
        return plain(cursor, statement, *args, **named)

    with mock.patch.object(psycopg.Cursor, "copy", copy):
        yield


def _settled_memory() -> float:
    """The memory in use now; the highest mark is counted from here on, where the system lets us."""
    import gc

    gc.collect()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    """MB, as Linux tells; elsewhere the highest mark since the process began."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str = "") -> None:
    """One line of the bench's report."""
    sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.flush()


def main() -> None:
    """In the process that `measured` has started."""
    import importlib

    import django

    django.setup()
    module = importlib.import_module(f"tests.bench.{sys.argv[1]}")
    say(json.dumps(module.run(**json.load(sys.stdin))))


if __name__ == "__main__":
    main()
