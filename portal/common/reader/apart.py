"""Read an upload in a process of its own, so that one that is too much ends that process alone."""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy

from portal.common.errors import NotPossible
from portal.common.texts import shown

from .people import Candidate
from .reading import Choices, Reading
from .saying import unpacked

PATIENCE = 25.0  # seconds; less than a web worker's own
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
TOO_MUCH = gettext_lazy(
    "This could not be read within the limits of time and memory. If it is a spreadsheet, copy "
    "the people into a new file and save that; else import it in parts."
)
_FOLDER = Path(__file__).resolve().parent.parent


def read_apart(upload: IO[bytes], choices: Choices) -> Reading:
    """Read an upload (an open file) as the choices say. Raises NotPossible with a sentence.

    The process is given no environment: it needs neither our keys nor our database.
    """
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as asked:
        # In a file: with many own columns it is more than fits into an argument.
        asked.write(json.dumps(asdict(choices)).encode())
        asked.seek(0)
        command = [sys.executable, "-m", "reader", str(asked.fileno())]
        try:
            done = subprocess.run(  # noqa: S603 - our own module, and arguments of our own making
                command,
                stdin=upload,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                cwd=_FOLDER,
                env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
                timeout=PATIENCE,
                check=False,
                close_fds=True,
                pass_fds=(asked.fileno(),),
            )
        except subprocess.TimeoutExpired:
            raise NotPossible(TOO_MUCH) from None
        size = answer.tell() if done.returncode == 0 else 0
        answer.seek(0)
        content = answer.read(LARGEST_ANSWER + 1)
    if done.returncode or not content or len(content) > LARGEST_ANSWER or size > LARGEST_ANSWER:
        raise NotPossible(TOO_MUCH)
    return _reading(unpacked(json.loads(content), shown))


def _reading(found: dict[str, Any]) -> Reading:
    if "problem" in found:
        raise NotPossible(found["problem"])
    values = found["reading"]
    values["candidates"] = [Candidate(**one) for one in values["candidates"]]
    values["lines"] = [(line, text) for line, text in values["lines"]]
    return Reading(**values)
