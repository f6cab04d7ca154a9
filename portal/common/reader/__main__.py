"""The process in which one upload is read: bytes come in, people go out as JSON, and it ends.

It has little memory, little time, no way to write a file, and neither the database nor the
settings: whatever an upload does to it, the portal goes on. Started by `apart.py`.
"""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[3]
MEMORY, SECONDS, OUTPUT = 512 * 1024 * 1024, 20, 64 * 1024 * 1024  # bytes, CPU seconds, bytes


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue  # a system that does not know this limit; the others hold


def main() -> None:
    _limit()
    sys.path.append(str(HOME))  # the words for sentences are below the portal
    from .reading import Choices, read
    from .saying import packed, reason
    from .tables import Unreadable

    with open(int(sys.argv[1]), "rb") as asked:
        given = json.load(asked)
    given["columns"] = {int(n): meaning for n, meaning in given["columns"].items()}
    try:
        answer: dict[str, Any] = {
            "reading": asdict(read(sys.stdin.buffer.read(), Choices(**given)))
        }
    except Unreadable as error:
        answer = {"problem": reason(error)}
    json.dump(packed(answer), sys.stdout)


if __name__ == "__main__":
    main()
