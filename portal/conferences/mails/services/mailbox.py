"""Read a mailbox by IMAP: a few mails at a time, each no further than is prudent.

Whoever knows its address may write to it, as much and whatever they like.
"""

import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any, cast
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)
MOST = 200  # mails in one round
MOST_LOOKED_AT = 2000  # whose header lines are looked at
LARGEST = 256_000  # bytes; of a larger mail the beginning is read
WAIT = 20  # seconds for an answer
LONGEST_ROUND = 60.0  # seconds; the same worker sends mails
SEEN, FLAGGED = r"\Seen", r"\Flagged"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
LARGEST_HEAD = 20_000  # bytes
# Characters of a header: the time that it takes to understand one grows with the square of its
# length; more so where it is decoded.
LONGEST_HEADER, LONGEST_DECODED = 4000, 1000
MOST_NESTED = 50  # parts that have parts: each line is compared with all of them
HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Content-Class")
_UID = re.compile(rb"UID (\d{1,10})")
_NUMBER = re.compile(rb"\d{1,10}")
# What a mail is marked with once it was handled, and whether that is to be counted; without a mark
# it is handled again in a later round.
Handled = tuple[str, bool]


class _Short(policy.Compat32):
    """Headers as they stand, and of each only the beginning."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


class _ShortInWords(policy.EmailPolicy):
    """Headers decoded, and of each only the beginning."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, Any]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_DECODED]


SHORT = _Short()
SHORT_IN_WORDS = cast("policy.Policy[EmailMessage]", _ShortInWords())


def plain(mail: bytes) -> Message:
    """A mail taken apart, with its headers as they stand; in time, whatever was written. Raises
    ValueError for one of too many parts."""
    _require_flat(mail)
    return message_from_bytes(mail, policy=SHORT)


def decoded(mail: bytes) -> EmailMessage:
    """The same with its headers decoded."""
    _require_flat(mail)
    return message_from_bytes(mail, policy=SHORT_IN_WORDS)


def _require_flat(mail: bytes) -> None:
    if mail.lower().count(b"multipart") > MOST_NESTED:
        raise ValueError("a mail of too many parts")


def read(
    address: str,
    criteria: tuple[str, ...],
    handle: Callable[[bytes], Handled],
    wanted: Callable[[bytes], bool] | None = None,
) -> int:
    """Have the newest mails that fit some criteria (RFC 3501, 6.4.4) handled, in their order;
    answers how many count. No address, or a mailbox that cannot be read, is none: the next round
    tries again.

    `wanted` says by some header lines (HEADERS) of a mail whether it is to be read: what servers
    find by a part of an address differs.
    """
    if not address:
        return 0
    try:
        with _open(address) as box:
            numbers = _numbers(box, criteria)
            if wanted is not None:
                numbers = _wanted(box, numbers, wanted)
            return _read(box, numbers[-MOST:], handle)
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("a mailbox cannot be read: %s", type(error).__name__)
        return 0


def _read(box: imaplib.IMAP4, numbers: list[str], handle: Callable[[bytes], Handled]) -> int:
    """What waits there, for no longer than mails may be held up by it."""
    begun, count = time.monotonic(), 0
    for number in numbers:
        if time.monotonic() - begun > LONGEST_ROUND:
            break
        content = _content(box, number)
        if content is None:
            continue
        mark, counts = handle(content)
        if mark:
            box.uid("STORE", number, "+FLAGS", f"({mark})")
        count += counts
    return count


@contextmanager
def _open(address: str) -> Iterator[imaplib.IMAP4]:
    """The mailbox, open; `imap://` is encrypted, too, but on this machine."""
    place = urlsplit(address)
    host = place.hostname or ""
    box: imaplib.IMAP4
    if place.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, place.port or 993, timeout=WAIT)
    else:
        box = imaplib.IMAP4(host, place.port or 143, timeout=WAIT)
    try:
        if place.scheme == "imap" and host not in _LOOPBACK:
            box.starttls()
        box.login(unquote(place.username or ""), unquote(place.password or ""))
        status, _answer = box.select(f'"{unquote(place.path.strip("/")) or "INBOX"}"')
        if status != "OK":
            raise imaplib.IMAP4.error(status)
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error):
            box.shutdown()


def _numbers(box: imaplib.IMAP4, criteria: tuple[str, ...]) -> list[str]:
    _status, found = box.uid("SEARCH", *criteria)
    numbers = sorted(map(int, _NUMBER.findall(found[0] or b"") if found else []))
    return [str(number) for number in numbers[-MOST_LOOKED_AT:]]


def _wanted(box: imaplib.IMAP4, numbers: list[str], wanted: Callable[[bytes], bool]) -> list[str]:
    """Those that are to be read. The newest are looked at first, and older ones for as long as
    there is time: hundreds that nobody has read yet hide none."""
    begun, found = time.monotonic(), list[str]()
    for end in range(len(numbers), 0, -MOST):
        some = numbers[max(end - MOST, 0) : end]
        heads = _heads(box, some)
        found = [one for one in some if one in heads and wanted(heads[one])] + found
        if len(found) >= MOST or time.monotonic() - begun > LONGEST_ROUND / 2:
            break
    return found


def _heads(box: imaplib.IMAP4, numbers: list[str]) -> dict[str, bytes]:
    """Some header lines of each of these mails, in one question."""
    fields = " ".join(HEADERS)
    _status, found = box.uid(
        "FETCH", ",".join(numbers), f"(UID BODY.PEEK[HEADER.FIELDS ({fields})])"
    )
    heads: dict[str, bytes] = {}
    items = list(found or ())
    for at, item in enumerate(items):
        if not isinstance(item, tuple) or len(item) < 2:
            continue
        after = items[at + 1] if at + 1 < len(items) else b""
        # Its number stands before the lines or, with some servers, behind them.
        named = _UID.search(item[0]) or _UID.search(after if isinstance(after, bytes) else b"")
        if named:
            heads[named[1].decode()] = bytes(item[1])[:LARGEST_HEAD]
    return heads


def _content(box: imaplib.IMAP4, number: str) -> bytes | None:
    _status, found = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    texts = [one[1] for one in found or () if isinstance(one, tuple) and len(one) > 1]
    return bytes(texts[0])[:LARGEST] if texts else None
