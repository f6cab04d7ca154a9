"""Run a handful of processes together: start, watch, start again, and end all of them.

Plain Python. Signals go to each main process alone: a Celery worker whose whole process group is
told to stop does not come to an end.
"""

import itertools
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, cast

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before a process that died is started again
STEADY = 30.0  # seconds after which a process counts as well again
PATIENCE = 4.0  # seconds that a process has to end by itself
TICK = 0.1
LARGEST_LOG = 5 * 1024 * 1024


@dataclass
class Job:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps jobs running until `stop` is called (from a signal handler, say).

    Each line that a job writes is given to `say` as (job name, line) and kept in `logs`. `env` is
    the whole environment of the jobs, `home` the directory that they run in.
    """

    def __init__(
        self, env: Mapping[str, str], home: Path, logs: Path, say: Callable[[str, str], None]
    ) -> None:
        self.env = dict(env)
        self.home = home
        self.logs = logs
        self.say = say
        self.jobs: list[Job] = []
        self._ending = threading.Event()

    def start(self, name: str, command: Sequence[str]) -> Job:
        """Add a job and start it at once."""
        job = Job(name, with_parent(command))
        self.jobs.append(job)
        self._spawn(job)
        return job

    def stop(self) -> None:
        """Ask `run` to end; safe in a signal handler."""
        self._ending.set()

    @property
    def ending(self) -> bool:
        return self._ending.is_set()

    def once(self, command: Sequence[str]) -> bool:
        """Run a command to its end, its words going to the terminal; answers whether it worked.

        It is ended when `stop` is called meanwhile.
        """
        process = subprocess.Popen(  # noqa: S603 - the commands are ours
            with_parent(command), env=self.env, cwd=self.home, start_new_session=True
        )
        while process.poll() is None:
            if self._ending.wait(TICK / 2):
                process.terminate()
                break
        return process.wait() == 0

    def run(self) -> None:
        """Watch until `stop` is called. Start jobs again that ended."""
        while not self._ending.wait(TICK):
            for job in self.jobs:
                self._watch(job)

    def shut_down(self) -> None:
        """End all jobs: politely, then after `PATIENCE` for certain."""
        for job in reversed(self.jobs):
            _signal(job, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(job.running for job in self.jobs) and time.monotonic() < deadline:
            time.sleep(TICK / 2)
        for job in self.jobs:
            _signal(job, signal.SIGKILL)
        for job in self.jobs:
            if job.process:
                job.process.wait()
            for thread in job.threads:
                thread.join(1)

    def _watch(self, job: Job) -> None:
        now = time.monotonic()
        if job.running:
            if now - job.started > STEADY:
                job.pause = FIRST_PAUSE
        elif not job.due:
            code = job.process.returncode if job.process else "?"
            self.say(job.name, f"ended ({code}); starts again in {job.pause:.0f} s")
            job.due = now + job.pause
            job.pause = min(job.pause * 2, LONGEST_PAUSE)
        elif now >= job.due:
            self._spawn(job)

    def _spawn(self, job: Job) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone.
        job.process = subprocess.Popen(  # noqa: S603 - the commands are ours
            job.command,
            env=self.env,
            cwd=self.home,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        job.started, job.due = time.monotonic(), 0.0
        output = cast("IO[bytes]", job.process.stdout)  # a pipe was asked for
        reader = threading.Thread(target=self._read, args=(job.name, output), daemon=True)
        reader.start()
        job.threads = [*(t for t in job.threads if t.is_alive()), reader]

    def _read(self, name: str, stream: IO[bytes]) -> None:
        keep = _log(self.logs / f"{name}.log")
        for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip()
            keep.info("%s", line)
            self.say(name, line)
        for handler in list(keep.handlers):
            handler.close()


def with_parent(command: Sequence[str]) -> list[str]:
    """The command, told to end with its parent where the system can do that (Linux)."""
    tool = shutil.which("setpriv")
    return [tool, "--pdeathsig", "TERM", *command] if tool else list(command)


_numbers = itertools.count()


def _log(path: Path) -> logging.Logger:
    """A log file that starts anew when it has grown large; nothing is passed on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keep = logging.Logger(f"{path}-{next(_numbers)}")
    handler = RotatingFileHandler(path, maxBytes=LARGEST_LOG, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    keep.addHandler(handler)
    return keep


def _signal(job: Job, number: signal.Signals) -> None:
    if job.process and job.running:
        os.kill(job.process.pid, number)
