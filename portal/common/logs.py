"""Log lines that can be shown: in UTC, one event in one line, without people, keys or ways in."""

import json
import logging
import re
import time
from typing import Any

from django.core.exceptions import PermissionDenied

from integrations.base.hiding import secrets_hider

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_without_keys = secrets_hider(
    r"(?:access_|refresh_|api_?)?(?:token|secret|password|key|hash|pin)|authorization|cookie",
    "[hidden]",
)
_LINK = re.compile(r"(?i)(/(?:join|answer|confirm)/)[^\s\"'&,;}]{4,}")
_LOGIN = re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*@")
# Signs that a terminal obeys, and that turn a text around.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class SafeFormatter(logging.Formatter):
    """`2026-11-29T10:00:00+00:00 INFO portal.sync: …`; whatever a platform or a person put into
    a message, or an exception into its text, cannot make a second line of its own."""

    converter = time.gmtime  # type: ignore[assignment]
    default_time_format = "%Y-%m-%dT%H:%M:%S+00:00"
    default_msec_format = None

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return hidden(printable(super().format(record)))


# What every record has; the rest are the fields that were given with a message.
_COMMON = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(SafeFormatter):
    """One JSON object in each line: time, level, logger, message, what was given with the message
    (of a request: account, platform, operation, method, status, ms, attempt, effect), exception.

    What must not be read is hidden as in the plain form.
    """

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": _clean(record.getMessage()),
        }
        for name, value in vars(record).items():
            if name not in _COMMON and name not in said:
                said[name] = _clean(value)
        if record.exc_info:
            said["exception"] = hidden(self.formatException(record.exc_info))
        if record.stack_info:
            said["stack"] = hidden(record.stack_info)
        return json.dumps(said, ensure_ascii=True)


class RefusalsInALine(logging.Filter):
    """What somebody's role does not include is no fault of ours, and where it was refused is
    known: a line that says so is enough."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = None
        return True


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return hidden(str(value))


def hidden(text: str) -> str:
    """A text without addresses of people, keys and personal links."""
    text = _LOGIN.sub("[login]@", text)
    text = _LINK.sub(r"\1[hidden]", _without_keys(text))
    return _ADDRESS.sub("[address]", text)


def one_line(text: str) -> str:
    """A text that stays in its line."""
    return printable(text.replace("\r\n", "\n").replace("\n", " / "))


def printable(text: str) -> str:
    """A text that a terminal only shows: control signs are written out."""
    return _CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}", text)
