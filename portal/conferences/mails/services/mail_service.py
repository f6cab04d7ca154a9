"""The mail service that tells what came back by posting it, where one is configured.

Mails leave by SMTP, whoever carries them. A service posts what became of one in words of its own,
without our headers; so it is handed our signed mark beside them, in the header that it reads for
that, and gives it back.
"""

import json
from collections.abc import Callable

from django.conf import settings

# Service -> the header by which a sender gives it something of their own, and how that is written.
_HEADERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "brevo": ("X-Mailin-custom", lambda mark: json.dumps({"lectern": mark})),
    "mailgun": ("X-Mailgun-Variables", lambda mark: json.dumps({"lectern": mark})),
    "mailjet": ("X-MJ-CustomID", str),
    "postmark": ("X-PM-Metadata-lectern", str),
    "sendgrid": ("X-SMTPAPI", lambda mark: json.dumps({"unique_args": {"lectern": mark}})),
    "sparkpost": ("X-MSYS-API", lambda mark: json.dumps({"metadata": {"lectern": mark}})),
}


def headers(mark: str) -> dict[str, str]:
    """What a mail says to the service that carries it; nothing without one."""
    if settings.MAIL_SERVICE not in _HEADERS:
        return {}
    name, written = _HEADERS[settings.MAIL_SERVICE]
    return {name: written(mark)}
