"""What `manage.py check` asks beside Django's own questions; most of it with `--deploy`."""

import sys
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import DatabaseError, connection

from integrations import zonedata
from integrations.base import http
from portal.common.fields import EncryptedJSONField, is_unreadable

NOWHERE = ("console", "dummy", "filebased", "locmem")  # back ends that send nothing
# What leads nobody here; nothing is bound to these addresses.
NO_PLACE = ("", "127.0.0.1", "localhost", "::1", "0.0.0.0", "::")  # noqa: S104
LONGEST_IDLE = 7 * 24 * 3600  # seconds
# The longest that one request to a platform may take: its whole time, and one last silence.
LONGEST_REQUEST = http.TOTAL_SECONDS + http.READ_SECONDS


@register(Tags.compatibility)
def zones(**_: Any) -> list[CheckMessage]:
    """Which zone data this process computes with."""
    if source := zonedata.source():
        if "check" not in sys.argv[1:2]:  # Django asks before every command: not news each time
            return []
        return [Info(f"Time zones are those of {source}.", id="lectern.I001")]
    return [
        Warning(
            "Time zones come from this machine, and may be older than the package tzdata.",
            hint="Install the pinned packages, and do not set PYTHONTZPATH.",
            id="lectern.W001",
        )
    ]


@register(Tags.security, deploy=True)
def mail(**_: Any) -> list[CheckMessage]:
    """Mails leave."""
    back_end = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    found: list[CheckMessage] = []
    if back_end in NOWHERE or (back_end == "smtp" and not settings.EMAIL_HOST):
        found.append(_error("EMAIL_URL names no mail server: nobody would be written to.", 1))
    if "@" not in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        found.append(_error("DEFAULT_FROM_EMAIL is no address: no server takes such a mail.", 1))
    return found


@register(Tags.security, deploy=True)
def public_address(**_: Any) -> list[CheckMessage]:
    """The links in mails lead here."""
    parts = urlsplit(settings.PUBLIC_URL)
    if (parts.hostname or "") in NO_PLACE:
        return [_error("PUBLIC_URL is not set: links in mails would lead nowhere.", 2)]
    if settings.HTTPS and parts.scheme != "https":
        return [_error("PUBLIC_URL has to begin with https://.", 2)]
    return []


@register(Tags.security, deploy=True)
def patience(**_: Any) -> list[CheckMessage]:
    """A lease outlasts a request, and so does the time after which an answer counts as lost."""
    found: list[CheckMessage] = []
    # A lease is renewed when a third of it has passed.
    if settings.LEASE_SECONDS * 2 / 3 < LONGEST_REQUEST:
        least = int(LONGEST_REQUEST * 3 / 2)
        found.append(
            _error(
                f"LEASE_SECONDS has to be at least {least}: a request may outlast it, "
                "and two workers would act for one account.",
                3,
            )
        )
    if settings.SYNC_GRACE_SECONDS < LONGEST_REQUEST:
        found.append(
            _error(
                f"SYNC_GRACE_SECONDS has to be at least {int(LONGEST_REQUEST)}: a "
                "request may still take effect, and would be sent twice.",
                4,
            )
        )
    return found


@register(Tags.security, deploy=True)
def demo(**_: Any) -> list[CheckMessage]:
    """The demo's passwords let nobody in."""
    if settings.DEMO_MODE:
        return [_error("DEMO_MODE is on: everybody knows its passwords.", 5)]
    return []


@register(Tags.security, deploy=True)
def proxies(**_: Any) -> list[CheckMessage]:
    """Who tries passwords is told apart."""
    if settings.BEHIND_PROXY and settings.PROXY_COUNT < 1:
        return [
            _error(
                "BEHIND_PROXY without PROXY_COUNT: everybody would seem to come from the "
                "proxy, and one person's wrong passwords would keep all out.",
                6,
            )
        ]
    if settings.PROXY_COUNT > 0 and not settings.BEHIND_PROXY:
        return [
            _error(
                "PROXY_COUNT without BEHIND_PROXY: where no proxy writes X-Forwarded-For, whoever "
                "tries passwords writes what they like into it.",
                6,
            )
        ]
    return []


@register(Tags.security, deploy=True)
def way_out(**_: Any) -> list[CheckMessage]:
    """The proxy on the way to the platforms is somewhere."""
    if settings.OUTBOUND_PROXY and not urlsplit(settings.OUTBOUND_PROXY).hostname:
        return [_error("OUTBOUND_PROXY names no host: no platform could be reached.", 8)]
    return []


@register(Tags.security, deploy=True)
def idle(**_: Any) -> list[CheckMessage]:
    """A session lasts, and ends."""
    if not 60 <= settings.SESSION_COOKIE_AGE <= LONGEST_IDLE:
        return [
            _error(
                "SESSION_IDLE_MINUTES has to be at least 1 and at most 10080: nobody could "
                "stay signed in, or everybody would for ever.",
                9,
            )
        ]
    return []


@register(Tags.security, deploy=True)
def stored_secrets(**_: Any) -> list[CheckMessage]:
    """What stands encrypted in the database can be read with the keys."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return [
            _error(
                "The database of DATABASE_URL cannot be reached: nobody has looked whether "
                "CREDENTIALS_KEYS can read what is stored.",
                10,
            )
        ]
    try:
        lost = sum(_unreadable(model) for model in apps.get_models())
    except DatabaseError:
        return []  # no tables yet: nothing can be unreadable
    if lost:
        return [
            _error(
                f"CREDENTIALS_KEYS cannot read {lost} stored row{'s' if lost != 1 else ''}: "
                "put the key that they were written with back into the list.",
                7,
            )
        ]
    return []


def _unreadable(model: Any) -> int:
    names = [f.name for f in model._meta.fields if isinstance(f, EncryptedJSONField)]
    if not names:
        return 0
    rows = model._default_manager.values_list(*names)
    return sum(is_unreadable(*values) for values in rows.iterator())


def _error(sentence: str, number: int) -> Error:
    return Error(sentence, hint="See .env.example and docs/runbook.md.", id=f"lectern.E{number:03}")
