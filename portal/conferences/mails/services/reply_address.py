"""The address to which one person's calendar answers: the mailbox's own, with a signed part.

Whoever has it has the invitation, and may answer for the person, as by the link in it; nobody can
make one up. From whom a mail says that it comes is never asked: anybody can write that.
"""

import base64
import hmac
import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import salted_hmac

from portal.conferences.models import Registration

_LENGTH = 20  # of the signature, in letters of five bits each
_MARK = re.compile(rf"\+r(\d{{1,10}})-([a-z2-7]{{{_LENGTH}}})@", re.ASCII)
MOST = 20  # marks that are looked at


def reply_address(row: Registration) -> str:
    """Where somebody's calendar answers; empty where no mailbox is read for that."""
    if not settings.REPLY_ADDRESS or row.pk is None:
        return ""
    local, _at, domain = settings.REPLY_ADDRESS.partition("@")
    return f"{local}+r{row.pk}-{_signature(row)}@{domain}"


def is_one(head: bytes) -> bool:
    """Whether such an address stands in some header lines; signed or not."""
    return _MARK.search(head.decode(errors="replace").lower()) is not None


def whose(addresses: Iterable[str]) -> Registration | None:
    """Who answers by some addresses; None where none is signed, or they are of several people. What
    carried them may have changed capital letters, and nothing else."""
    found = {mark for one in addresses for mark in _MARK.findall(one.lower())}
    if not 0 < len(found) <= MOST:
        return None
    rows = Registration.objects.select_related("attendee", "conference")
    known = rows.filter(pk__in=[pk for pk, _mark in found])
    signed = [row for row in known if any(_fits(row, *mark) for mark in found)]
    return signed[0] if len(signed) == 1 else None


def _fits(row: Registration, pk: str, signature: str) -> bool:
    return int(pk) == row.pk and hmac.compare_digest(signature, _signature(row))


def _signature(row: Registration) -> str:
    """It ends with the row: in a database that was restored, another may have its number."""
    made = salted_hmac("lectern.reply", str(row.token), algorithm="sha256")
    return base64.b32encode(made.digest()).decode().lower()[:_LENGTH]
