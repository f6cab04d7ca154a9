"""What our commands of manage.py have in common."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError

from portal.common.logs import printable

# Not there, not writable, or without tables; a value that does not fit is a fault of ours.
UNUSABLE = (OperationalError, InterfaceError, InternalError, ProgrammingError)


class Printable(OutputWrapper):
    """Output of which no sign is obeyed by the terminal: titles and names come from outside."""

    def write(  # type: ignore[override]
        self, msg: Any = "", style_func: Any = None, ending: Any = None
    ) -> None:
        text = "\n".join(printable(line) for line in str(msg).split("\n"))
        super().write(text, style_func, ending)


class Command(BaseCommand):
    """A command whose output, and whose errors, only show."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stdout, self.stderr = _wrapped(self.stdout), _wrapped(self.stderr)

    def execute(self, *args: Any, **options: Any) -> str | None:
        # Django would wrap streams that are handed over once more, in its own way.
        for name in ("stdout", "stderr"):
            if options.get(name) is not None:
                setattr(self, name, Printable(options.pop(name)))
        try:
            return super().execute(*args, **options)
        except UNUSABLE as error:
            said = printable(str(error).strip().partition("\n")[0]).rstrip(".?")
            raise CommandError(
                f"The database cannot be used: {said}. What DATABASE_URL names has to be there, "
                "take writes, and have been migrated."
            ) from error


def _wrapped(stream: OutputWrapper) -> OutputWrapper:
    out: Any = stream._out
    made = Printable(out, ending=stream.ending)
    made.style_func = stream.style_func
    return made
