"""Forms as PHP clients send them: urlencoded or multipart, with arrays in the field names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

Pairs = list[tuple[str, str]]

MAX_FIELDS = 5000
MAX_DEPTH = 5
NOT_FORMS = ("application/json", "application/xml", "text/", "application/octet-stream")


class BadBody(ValueError):
    """What was sent cannot be read; the text is a sentence for the sender."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Upload:
    """One file out of a multipart body."""

    field: str
    name: str
    content: bytes


def read_body(content_type: str, body: bytes) -> tuple[Pairs, list[Upload]]:
    """Fields and files of a body. JSON and other bodies hold no fields: PHP reads forms alone.

    A body without a content type is read as a form, since one public client sends it so
    (IAmRadek/clickmeeting.go).
    """
    kind = content_type.lower().strip()
    if kind.startswith("multipart/form-data"):
        return _multipart(content_type, body)
    if kind.startswith(NOT_FORMS):
        return [], []
    return urlencoded(body), []


def urlencoded(raw: bytes) -> Pairs:
    """Name and value pairs; raises BadBody for bytes that are not UTF-8, and for NUL."""
    parts = [part for part in raw.split(b"&") if part]
    _check_count(len(parts))
    pairs = []
    for part in parts:
        name, _, value = part.partition(b"=")
        pairs.append((_plain(name), _plain(value)))
    return pairs


def _plain(raw: bytes) -> str:
    return _text(unquote_to_bytes(raw.replace(b"+", b" ")))


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadBody("The text is not valid UTF-8.") from None
    if "\0" in text:
        raise BadBody("The text holds a NUL character.")
    return text


def _check_count(count: int) -> None:
    if count > MAX_FIELDS:
        raise BadBody(f"More than {MAX_FIELDS} fields in one request.")


def _multipart(content_type: str, body: bytes) -> tuple[Pairs, list[Upload]]:
    # The official Ruby client writes "multipart/form-data, boundary=…" with a comma.
    separated = content_type if ";" in content_type else content_type.replace(",", ";", 1)
    _, options = parse_options_header(separated)
    boundary = options.get("boundary", "")
    if not boundary:
        raise BadBody("The multipart body has no boundary.")
    pairs: Pairs = []
    files: list[Upload] = []
    for part, content in _parts(boundary, body):
        if isinstance(part, File):
            name = _text((part.filename or "").encode("utf-8", "surrogateescape"))
            files.append(Upload(part.name or "", name, content))
        else:
            pairs.append((part.name or "", _text(content)))
    _check_count(len(pairs))
    return pairs, files


def _parts(boundary: str, body: bytes) -> list[tuple[Field | File, bytes]]:
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=MAX_FIELDS)
    found: list[tuple[Field | File, bytes]] = []
    try:
        decoder.receive_data(body)
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
            if isinstance(event, (Field, File)):
                found.append((event, b""))
            elif isinstance(event, Data):
                found[-1] = (found[-1][0], found[-1][1] + event.data)
    except Exception as error:
        # The decoder's errors are of many kinds (ValueError, KeyError on a header that is not
        # there, RequestEntityTooLarge); for the sender all of them mean the same.
        raise BadBody("The multipart body cannot be read.") from error
    return found


_NAME = re.compile(r"^([^\[]+)((?:\[[^\]]*\])*)$")
_KEY = re.compile(r"\[([^\]]*)\]")


def nest(pairs: Pairs) -> dict[str, Any]:
    """PHP's reading of field names: `a[b]=1` becomes `{"a": {"b": "1"}}`; the last value wins.

    Lists become dicts keyed "0", "1", …: see `listed`. An empty key that is followed by another
    (`attendees[][email]`, Python, Ruby and Go clients) fills the first item that lacks the key,
    since the official Ruby client sorts its fields before it sends them.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = _NAME.match(name.strip())
        if match is None:
            tree[name] = value
            continue
        keys = [match[1], *_KEY.findall(match[2])][:MAX_DEPTH]
        _put(tree, keys, value)
    return tree


def _put(tree: dict[str, Any], keys: list[str], value: str) -> None:
    here = tree
    for place, key in enumerate(keys[:-1]):
        step = key if key or place == 0 else _first_lacking(here, keys[place + 1])
        child = here.get(step)
        if not isinstance(child, dict):
            child = here[step] = {}
        here = child
    here[keys[-1] or str(len(here))] = value


def _first_lacking(items: dict[str, Any], key: str) -> str:
    for index, item in items.items():
        if isinstance(item, dict) and key and key not in item:
            return index
    return str(len(items))


def listed(value: Any) -> list[Any]:
    """The items of a nested list, whatever its keys; a bare value is a list of one."""
    if isinstance(value, dict):
        return list(value.values())
    return [] if value in (None, "") else [value]
