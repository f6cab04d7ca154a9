"""What is kept of accounts: codes, and the words for them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.common.texts import Sentence

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
CHANGED_NOTHING = Sentence("account.changed-nothing", _("Changed: nothing."))()
PAUSED = Sentence("account.paused", _("Paused."))()
RESUMED = Sentence("account.resumed", _("Resumed."))()
REMOVED = Sentence("account.removed", _("Removed."))()
LOGGED_IN = Sentence("account.logged-in", _("Logged in by consent."))()
INTERVAL = Sentence(
    "account.interval",
    ngettext_lazy("Synced every %(count)d minute.", "Synced every %(count)d minutes.", "count"),
)
