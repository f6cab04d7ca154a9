"""What MyOwnConference itself writes to people about a webinar."""

from integrations.base.errors import refused
from integrations.base.texts import _
from integrations.myownconference.actions.arguments import (
    Action,
    Arguments,
    Result,
    needed,
    only_sends,
)
from integrations.myownconference.adapter.context import Context
from integrations.myownconference.mapping import after
from integrations.myownconference.mapping.answers import confirm, yes_no
from integrations.myownconference.payloads import PLATFORM, LetterChange

# [Updating invitation mailing settings]: this one cannot be switched off by itself.
ALWAYS_SENT = "1HOUR"


def letters(context: Context, alias: str, arguments: Arguments) -> Result:
    """Each letter: whether it is sent, whether it has been, and its text."""
    with context.owned.webinar(alias):
        return {"rows": after.letters(context.client.webinars_get_letters_info(alias))}


def letter_switch(context: Context, alias: str, arguments: Arguments) -> Result:
    """Send the letter `id` or not, as `enabled` (a flag) says."""
    kind, enabled = (
        needed(arguments, "id", _("Please give a letter.")),
        bool(arguments.get("enabled")),
    )
    if kind == ALWAYS_SENT and not enabled:
        raise refused(
            PLATFORM, "enabled", _("The letter one hour before cannot be switched off by itself.")
        )
    with context.owned.webinar(alias):
        changes: LetterChange = {"enabled": yes_no(enabled)}
        confirm(context.client.webinars_set_letters(alias, kind, changes), "letter")
    return {}


def letter_text(context: Context, alias: str, arguments: Arguments) -> Result:
    """Set the closing `text` (HTML) of the letter `id`; an empty one removes it."""
    kind = needed(arguments, "id", _("Please give a letter."))
    with context.owned.webinar(alias):
        changes: LetterChange = {"text": str(arguments.get("text") or "")}
        confirm(context.client.webinars_set_letters(alias, kind, changes), "letter")
    return {}


ACTIONS: dict[str, Action] = {
    "letters": letters,
    "letter_switch": letter_switch,
    "letter_text": letter_text,
    "letters_on": only_sends("webinars_letters_on"),
    "letters_off": only_sends("webinars_letters_off"),
}
