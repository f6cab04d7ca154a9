"""The demo as a person starts it: real processes, real ports, in a directory of its own."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.house import HOME

OPEN = re.compile(r"Open (http://\S+/) and log in .* password (\S+) \(sandbox: (http://\S+/)")
# What the tests' own settings put into the environment is not the demo's business.
KEPT = ("PATH", "HOME", "LANG", "LEASE_SECONDS")


class Demo:
    """A running `manage.py demo`; what it said is in `said`."""

    def __init__(self, var: Path, *words: str) -> None:
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        ports = [] if "--port" in words else ["--port", "0", "--sandbox-port", "0"]
        self.var = var
        self.output = var / "output.txt"
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--var", var, *ports, *words],
                cwd=HOME,
                env=env,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ready(self, seconds: float = 90) -> "Demo":
        """Wait for the line that says where to open it."""
        found = until(lambda: OPEN.search(self.said) or self.process.poll() is not None, seconds)
        assert found is not True, self.said
        self.url, self.password, self.sandbox = found.groups()
        return self

    def stop(self) -> float:
        """Ctrl-C; answers how many seconds it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 0, self.said
        return time.monotonic() - start

    def rows(self, query: str, *values):
        """Ask the demo's database."""
        with sqlite3.connect(self.var / "lectern.sqlite3", timeout=30) as connection:
            return connection.execute(query, values).fetchall()

    def log_in(self, name: str = "staff"):
        """A browser without a window: a function that reads pages."""
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        form = browser.open(f"{self.url}login/", timeout=20).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        fields = {"username": name, "password": self.password, "csrfmiddlewaretoken": token}
        browser.open(f"{self.url}login/", urlencode(fields).encode(), timeout=20)
        return lambda path="": browser.open(self.url + path, timeout=20).read().decode()


@contextmanager
def running(var: Path, *words: str):
    """A demo that is ready; ended at the end, whatever happens."""
    demo = Demo(var, *words)
    try:
        yield demo.ready()
    finally:
        if demo.process.poll() is None:
            demo.process.terminate()
            demo.process.wait(30)


def until(found, seconds: float):
    """Ask until the answer is something; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return answer


def processes_of(var: Path) -> list[int]:
    """Processes whose environment or command names this directory."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(var).encode() in told and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found
