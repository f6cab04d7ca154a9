"""`make demo`: the portal, its worker and the sandbox platforms, together on one machine."""

import fcntl
import os
import shutil
import signal
import sys
import time
from argparse import ArgumentParser
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Lock
from typing import IO, Any

from django.conf import settings
from django.core.management.base import CommandError

from integrations import registry
from portal.common import commands
from portal.common.ports import free_port
from portal.common.supervisor import Supervisor
from portal.identity.demo_users import PASSWORD, USERS

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds until the pages must answer
# A slow platform's tasks may take some of these; the others keep the rest.
THREADS, THREADS_PER_PLATFORM = 2, 2


class Command(commands.Command):
    """Prepares `var/`, then supervises sandbox, web, worker and beat until Ctrl-C."""

    help = "Start Lectern with sandbox platforms and a made-up world; Ctrl-C ends it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--sandbox-port", type=int, default=8010)
        parser.add_argument(
            "--var",
            type=Path,
            default=settings.BASE_DIR / "var",
            help="where the demo keeps its data",
        )
        parser.add_argument("--reset", action="store_true", help="forget the data, start nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        self.var = Path(options["var"]).resolve()
        self.var.mkdir(parents=True, exist_ok=True)
        self.printing = Lock()
        with OnlyOne(self.var):
            if options["reset"]:
                self.reset()
                return
            try:
                self.port = free_port(options["port"])
                taken = frozenset({self.port})
                self.sandbox_port = free_port(options["sandbox_port"], avoid=taken)
            except OSError as error:
                raise CommandError(
                    f"No port to listen on: {error}. Choose others: "
                    "make demo PORT=9000 SANDBOX_PORT=9010"
                ) from error
            self.serve(options)

    def reset(self) -> None:
        """Forget everything that the demo has stored."""
        for name in ("broker", "mail", "log"):
            shutil.rmtree(self.var / name, ignore_errors=True)
        for pattern in ("lectern.sqlite3*", "sandbox.json*", "beat-schedule*"):
            for path in self.var.glob(pattern):
                path.unlink()
        self.stdout.write("The demo's data is gone. make demo starts over.")

    def serve(self, options: dict[str, Any]) -> None:
        for name, wanted, found in (
            ("port", options["port"], self.port),
            ("sandbox port", options["sandbox_port"], self.sandbox_port),
        ):
            if wanted not in (0, found):
                self.say("demo", f"The {name} {wanted} is taken; using {found}.")
        supervisor = Supervisor(self.environment(), settings.BASE_DIR, self.var / "log", self.say)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.stop())
        try:
            self.start(supervisor)
            supervisor.run()
        finally:
            self.say("demo", "Stopping.")
            supervisor.shut_down()

    def start(self, supervisor: Supervisor) -> None:
        python = [sys.executable, "-m"]
        state = str(self.var / "sandbox.json")
        supervisor.start(
            "sandbox",
            [*python, "integrations.sandbox", "--port", str(self.sandbox_port), "--state", state],
        )
        if not supervisor.once([sys.executable, "manage.py", "seed_demo"]):
            if supervisor.ending:
                return
            raise CommandError("The demo's data could not be prepared; the lines above say why.")
        celery = [*python, "celery", "--quiet", "-A", "portal"]
        queues = ["default", *registry.slugs()]
        threads = THREADS + THREADS_PER_PLATFORM * len(registry.slugs())
        # Mails have a process of their own: no sync waits behind a slow mail server.
        for name, amount, those in (("worker", threads, queues), ("mail", 1, ["mail"])):
            supervisor.start(
                name,
                [
                    *celery,
                    "worker",
                    "--pool",
                    "threads",
                    "--concurrency",
                    str(amount),
                    "--queues",
                    ",".join(those),
                    "--hostname",
                    f"{name}@localhost",
                    "--loglevel",
                    "WARNING",
                    "--without-gossip",
                    "--without-mingle",
                    "--without-heartbeat",
                ],
            )
        supervisor.start(
            "beat",
            [
                *celery,
                "beat",
                "--schedule",
                str(self.var / "beat-schedule"),
                "--pidfile",
                "",
                "--loglevel",
                "WARNING",
            ],
        )
        supervisor.start(
            "web",
            [
                *python,
                "gunicorn",
                "portal.wsgi",
                "--bind",
                f"{HOST}:{self.port}",
                "--worker-class",
                "gthread",
                "--threads",
                "8",
                "--graceful-timeout",
                "2",
                "--log-level",
                "warning",
                "--worker-tmp-dir",
                str(self.var),
            ],
        )
        self.welcome(supervisor)

    def environment(self) -> dict[str, str]:
        """The demo's own settings; whatever a production on this machine may have set is put aside,
        since the demo makes users whose passwords everybody knows."""
        return os.environ | {
            "DEBUG": "true",
            "DEMO_MODE": "true",
            "HTTPS": "false",
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            # Celery's; on a machine of one's own, root may run a demo.
            "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
            "DATABASE_URL": f"sqlite:///{self.var}/lectern.sqlite3",
            "CELERY_BROKER_URL": "filesystem://localhost",
            "BROKER_DIR": str(self.var / "broker"),
            "EMAIL_URL": f"filemail:///{self.var}/mail",
            "DEMO_MAIL_DIR": str(self.var / "mail"),
            "PUBLIC_URL": f"http://{HOST}:{self.port}",
            "SANDBOX_URL": f"http://{HOST}:{self.sandbox_port}",
        }

    def welcome(self, supervisor: Supervisor) -> None:
        """Wait until the pages answer, then say the one line that a person needs."""
        deadline = time.monotonic() + PATIENCE
        while not answers(self.port):
            if supervisor.ending:
                return
            if time.monotonic() > deadline:
                raise CommandError("The web server does not answer; see var/log/web.log.")
            time.sleep(0.1)
        names = ", ".join(USERS)
        self.say(
            "demo",
            f"Open http://{HOST}:{self.port}/ and log in as {names} with the password "
            f"{PASSWORD} (sandbox: http://{HOST}:{self.sandbox_port}/, "
            "Ctrl-C ends)",
        )

    def say(self, name: str, line: str) -> None:
        with self.printing:
            self.stdout.write(f"{name:<8}| {line}")
            self.stdout.flush()


class OnlyOne:
    """Hold `var/demo.lock`; raises CommandError where another demo has it."""

    def __init__(self, var: Path) -> None:
        self.path = var / "demo.lock"
        self.file: IO[str] | None = None

    def __enter__(self) -> None:
        self.file = self.path.open("a")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError("The demo is running already: end it there with Ctrl-C.") from error

    def __exit__(self, *_: object) -> None:
        if self.file:
            self.file.close()


def answers(port: int) -> bool:
    """Whether the login page is served."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
