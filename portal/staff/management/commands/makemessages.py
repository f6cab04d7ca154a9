"""`manage.py makemessages -l de`: collect every text that is to be translated into `locale/`."""

from typing import Any

from django.core.management.commands import makemessages

from portal.common.commands import Command as PrintableCommand

# Not ours, not shown to anybody, or of the emulated platforms, which speak as their vendors do.
LEFT_OUT = (".venv", "var", "tests", "tools", "static", "staticfiles", "integrations/sandbox")


class Command(PrintableCommand, makemessages.Command):
    """Django's own, which also knows how the rooms of `integrations` mark their texts."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_", "--keyword=say"]

    def handle(self, *args: Any, **options: Any) -> Any:
        options["ignore_patterns"] = [*options["ignore_patterns"], *LEFT_OUT]
        return super().handle(*args, **options)
