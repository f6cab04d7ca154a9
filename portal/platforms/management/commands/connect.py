"""`manage.py connect PLATFORM --label L`: create an account, or change the one of that label."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from integrations import registry
from portal.common import commands
from portal.common.errors import NotPossible
from portal.platforms import services, validation
from portal.platforms.models import PlatformAccount

LARGEST_SECRET = 64 * 1024  # characters


class Command(commands.Command):
    """Nothing secret is printed, and none need stand in the list of processes."""

    help = (
        "Connect an account of a platform, or change the account of this label. A value may be "
        "k=@FILE (read from a file) or k=- (read from standard input). "
        "Ends with 1 where it was refused, with 3 where the test did not succeed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("platform", help=f"One of: {', '.join(registry.slugs())}.")
        parser.add_argument("--label", required=True, help="How staff know the account.")
        parser.add_argument("--base-url", default="", help="Address of the API, where not usual.")
        for name in ("credential", "option"):
            parser.add_argument(f"--{name}", action="append", default=[], metavar="k=v")
        parser.add_argument("--interval", type=int, metavar="N", help="Minutes between two syncs.")
        parser.add_argument("--ca-bundle", metavar="PATH", help="A private CA bundle (PEM).")
        parser.add_argument("--test", action="store_true", help="Test the connection afterwards.")

    def handle(self, *args: Any, **given: Any) -> None:
        row = PlatformAccount.objects.filter(label__iexact=" ".join(given["label"].split())).first()
        settings = {"interval_minutes": given["interval"], "ca_bundle": given["ca_bundle"]}
        try:
            saved = services.connect(
                platform=given["platform"],
                label=given["label"],
                base_url=given["base_url"],
                credentials=_pairs(given["credential"]),
                options=_pairs(given["option"]),
                by=None,
                account=row,
                **{k: v for k, v in settings.items() if v is not None},
            )
        except NotPossible as refusal:
            raise CommandError(_told(refusal)) from None
        verb = "changed" if row else "connected"
        self.stdout.write(f"{saved.label} ({saved.platform_name}) is {verb}.")
        if given["test"]:
            self._test(saved)

    def _test(self, account: PlatformAccount) -> None:
        found = services.test_connection(account, by=None)
        if not found.ok:
            raise CommandError(found.sentence, returncode=3)
        self.stdout.write(found.sentence)


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    """k=v, k=@file and k=- as a mapping. Never quotes a value: it may be a secret."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise CommandError("Write credentials and options as name=value.")
        if name in found:
            raise CommandError(f"{name} is given twice.")
        found[name.strip()] = _read(name, value)
    return found


def _read(name: str, value: str) -> str:
    if value == "-":
        return sys.stdin.read(LARGEST_SECRET).strip()
    if not value.startswith("@"):
        return value
    try:
        with Path(value[1:]).open(encoding="utf-8") as file:
            return file.read(LARGEST_SECRET).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            f"{name}: the file cannot be read ({type(error).__name__}). "
            "A value that begins with @ names a file."
        ) from None


def _told(refusal: NotPossible) -> str:
    """The refusal with each problem beside the option that it is about."""
    lines = [refusal.sentence]
    for name, texts in refusal.field_errors.items():
        lines += [f"  {_option(name)}: {text}" for text in texts]
    return "\n".join(lines)


def _option(name: str) -> str:
    """The command-line option behind a form's field name."""
    options = {validation.CREDENTIAL: "--credential ", validation.OPTION: "--option "}
    for prefix, option in options.items():
        if name.startswith(prefix):
            return option + name.removeprefix(prefix)
    named = {"base_url": "--base-url", "interval_minutes": "--interval", "ca_bundle": "--ca-bundle"}
    return named.get(name, f"--{name}")
