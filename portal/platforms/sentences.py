"""What is kept of accounts: codes, and the words for them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.common.texts import Sentence, Text, commas

ANOTHER_ACCOUNT = Sentence(
    "account.another",
    _(
        "The platform says this is %(found)s, but the account was connected as %(known)s. Connect "
        "it as an account of its own."
    ),
)

# What is written down of an account in Django's own log
CONNECTED = Sentence("account.connected", _("Connected."))()
CHANGED = Sentence("account.changed", _("Changed: %(fields)s."))
# Settings, by the names of their columns, as the form labels them
_SETTINGS = {
    "label": Sentence("account.setting.label", _("Label"))(),
    "base_url": Sentence("account.setting.base-url", _("Address of the API"))(),
    "credentials": Sentence("account.setting.credentials", _("Credentials"))(),
    "options": Sentence("account.setting.options", _("Options"))(),
    "interval_minutes": Sentence("account.setting.interval", _("Minutes between two syncs"))(),
    "changes_there": Sentence(
        "account.setting.changes-there", _("When a webinar is changed on the platform itself")
    )(),
    "sender_name": Sentence("account.setting.sender-name", _("Sender's name"))(),
    "sender_address": Sentence("account.setting.sender-address", _("Sender's address"))(),
    "reply_to": Sentence("account.setting.reply-to", _("Answers go to"))(),
    "language": Sentence("account.setting.language", _("Language of mails"))(),
    "requests_per_minute": Sentence("account.setting.pace", _("Requests a minute"))(),
    "concurrent_rooms": Sentence("account.setting.rooms", _("Webinars at the same time"))(),
    "ca_bundle": Sentence("account.setting.ca-bundle", _("Private CA bundle"))(),
}
CHANGED_NOTHING = Sentence("account.changed-nothing", _("Changed: nothing."))()
PAUSED = Sentence("account.paused", _("Paused."))()
RESUMED = Sentence("account.resumed", _("Resumed."))()
REMOVED = Sentence("account.removed", _("Removed."))()
LOGGED_IN = Sentence("account.logged-in", _("Logged in by consent."))()
INTERVAL = Sentence(
    "account.interval",
    ngettext_lazy("Synced every %(count)d minute.", "Synced every %(count)d minutes.", "count"),
)


def changed(names: Iterable[str]) -> Text:
    """Which settings of an account were changed: never what they hold."""
    fields = commas(*(_SETTINGS.get(name, name) for name in names))
    return CHANGED(fields=fields)
