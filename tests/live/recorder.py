"""Keeps what a platform answers, with everything replaced that may be somebody's."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.base.http import Answer, Effect, Http

# Words of a platform's own, which tell nothing of anybody. All other text is replaced.
TELLING = frozenset(
    {"status", "state", "type", "room_type", "role", "timezone", "time_zone", "document_type"}
)
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
SHORT_NUMBER = re.compile(r"-?\d{1,3}")
REPLACED = "made up"


def replaced(value: Any, key: str = "") -> Any:
    """The same shape: keys, types, dates and a platform's own words stay, all else is made up."""
    if isinstance(value, dict):
        named = not any("@" in name or " " in name for name in value)
        names = list(value) if named else [f"{REPLACED} {n}" for n in range(len(value))]
        return {name: replaced(one, name) for name, one in zip(names, value.values(), strict=True)}
    if isinstance(value, list):
        return [replaced(one, key) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 1000 else 1000 + value % 9000
    if not isinstance(value, str) or not value:
        return value
    if key in TELLING and len(value) < 40 and "@" not in value:
        return value
    if DATE.fullmatch(value) or SHORT_NUMBER.fullmatch(value):
        return value
    if value.isdigit():
        return "1" * len(value)
    if "@" in value:
        return "person@example.com"
    return "https://platform.example/made-up" if "://" in value else REPLACED


@contextmanager
def recording(slug: str, folder: Path | None) -> Iterator[list[str]]:
    """Within it, each JSON answer is kept as `folder/slug/operation.json`, the first of its kind.

    Gives the operations that were heard.
    """
    heard: list[str] = []
    parse = Http.parse

    def kept(self: Http, answer: Answer, effect: Effect, operation: str) -> Any:
        value = parse(self, answer, effect, operation)
        if operation not in heard and folder is not None:
            _write(folder / slug, operation, value)
        heard.append(operation)
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Http, "parse", kept)
        yield heard


def _write(folder: Path, operation: str, value: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "_", operation.lower()).strip("_")
    told = {
        "source": "an account of our own, by tests/live",
        "year": datetime.now(UTC).year,
        "operation": operation,
        "answer": replaced(value),
    }
    text = json.dumps(told, indent=2, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n")
