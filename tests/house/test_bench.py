"""Each command of the bench runs to its end, at a size that says nothing about speed."""

import subprocess
import sys

import pytest

from tests.bench import places
from tests.house import HOME

TINY = {
    "workers": ["--accounts", "2", "--webinars", "1", "--latency", "1", "--processes", "1"],
    "lines": ["--webinars", "4", "--latency", "1", "--connections", "1", "3"],
    "mirror": ["--rows", "10", "--platform", "webinarfuel"],
    "delivery": ["--webinars", "2", "--saves", "1", "--batch", "3", "--news", "3"],
    "telling": ["--people", "12", "--dates", "2", "--times", "0"],
    "pages": ["--webinars", "5", "--people", "60", "--registrations", "100", "--times", "0"],
}
SAID = {
    "workers": ["  1 workers", "times the first"],
    "lines": ["  1 connections", "  3 connections", "times the first"],
    "mirror": ["Lectern, first mirror", "of minimal", "writes but the run"],
    "delivery": ["at rest", "while a complete sync runs", "a batch of 3: "],
    "telling": ["cancel: ask", "move: press", "remind of a series: press"],
    "pages": ["people, last page", "of the admin's", "rows/s, grows by"],
}


@pytest.mark.parametrize("command", TINY)
def test_a_command_of_the_bench_runs(command):
    words = [sys.executable, "-m", "tests.bench", command, "--database", "sqlite", *TINY[command]]
    done = subprocess.run(words, cwd=HOME, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert [line for line in SAID[command] if line not in done.stdout] == []
    assert "partial" not in done.stdout
    assert "failed " not in done.stdout.replace("failed ones", "")


def test_writes_are_told_from_reads_and_from_what_every_run_writes():
    statements = [
        'INSERT INTO "sync_platformlink" ("id") VALUES (1)',
        "COPY bench_rows FROM STDIN",
        'UPDATE "platforms_accountruntime" SET "rate_tat" = 1',
        'SELECT "sync_platformlink"."id" FROM "sync_platformlink"',
    ]
    assert places.written(statements) == ["sync_platformlink", "bench_rows"]
