"""What MyOwnConference itself writes to people about a webinar."""

from integrations.myownconference.actions.desk import Action, Arguments, Desk, Result, text, told
from integrations.myownconference.mapping import after
from integrations.myownconference.mapping.reading import confirm, refuse, yes_no

# [Updating invitation mailing settings]: this one cannot be switched off by itself.
ALWAYS_SENT = "1HOUR"


def letters(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Each letter: whether it is sent, whether it has been, and its text."""
    with desk.own.webinar(alias):
        return {"rows": after.letters(desk.client.webinars_get_letters_info(alias))}


def letter_switch(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Send the letter `id` or not, as `enabled` (a flag) says."""
    kind, enabled = text(arguments, "id", "a letter"), bool(arguments.get("enabled"))
    if kind == ALWAYS_SENT and not enabled:
        raise refuse("enabled", "The letter one hour before cannot be switched off by itself.")
    with desk.own.webinar(alias):
        changes = {"enabled": yes_no(enabled)}
        confirm(desk.client.webinars_set_letters(alias, kind, changes), "letter")
    return {}


def letter_text(desk: Desk, alias: str, arguments: Arguments) -> Result:
    """Set the closing `text` (HTML) of the letter `id`; an empty one removes it."""
    kind = text(arguments, "id", "a letter")
    with desk.own.webinar(alias):
        changes = {"text": str(arguments.get("text") or "")}
        confirm(desk.client.webinars_set_letters(alias, kind, changes), "letter")
    return {}


ACTIONS: dict[str, Action] = {
    "letters": letters,
    "letter_switch": letter_switch,
    "letter_text": letter_text,
    "letters_on": told("webinars_letters_on"),
    "letters_off": told("webinars_letters_off"),
}
