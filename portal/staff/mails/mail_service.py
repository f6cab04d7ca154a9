"""What a mail service posts: mails that came back. For machines; nobody is logged in there.

django-anymail reads what each service writes; only what it could not deliver is taken from that,
and of it our signed mark, wherever it stands. So who knows the password of this address can do no
more than whoever writes to the mailbox of returned mails.
"""

import json
import logging
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import Any, NamedTuple

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType
from anymail.webhooks import brevo, mailgun, mailjet, postmark, sendgrid, sparkpost
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.conferences.mails.services import bounces

log = logging.getLogger(__name__)
VIEWS: dict[str, Any] = {
    "brevo": brevo.BrevoTrackingWebhookView,
    "mailgun": mailgun.MailgunTrackingWebhookView,
    "mailjet": mailjet.MailjetTrackingWebhookView,
    "postmark": postmark.PostmarkTrackingWebhookView,
    "sendgrid": sendgrid.SendGridTrackingWebhookView,
    "sparkpost": sparkpost.SparkPostTrackingWebhookView,
}
LARGEST, MOST = 2_000_000, 2000  # bytes of one post, and events in it
LONGEST = 20_000  # characters of one event
NOT_DELIVERED = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)
_MARK = re.compile(r"\d{1,19}-\d{1,12}:[\w-]{20,100}", re.ASCII)
_FOR_NOW = re.compile(r"(?:^|\D)4\.\d{1,3}\.\d{1,3}(?:\D|$)")
OK, UNREADABLE, WHO, NOT_HERE, TOO_LARGE, LATER = 200, 400, 401, 404, 413, 503


class Failure(NamedTuple):
    """A mail that was not delivered, by its mark, and what was said of that."""

    mark: str
    why: str


@csrf_exempt
@login_not_required
@require_POST
def mail_service(request: HttpRequest) -> HttpResponse:
    """Note what came back. 503 has the service post it once more: a mail is still on its way."""
    if settings.MAIL_SERVICE not in VIEWS:
        return HttpResponse(status=NOT_HERE)
    if not _knows_us(request):
        return HttpResponse(status=WHO, headers={"WWW-Authenticate": 'Basic realm="Lectern"'})
    if _length(request) > LARGEST:
        return HttpResponse(status=TOO_LARGE)
    try:
        found = list(_failures(request))
    except AnymailWebhookValidationFailure:
        return HttpResponse(status=WHO)
    except Exception as error:  # whoever has the password may post anything
        log.warning("what a mail service posted cannot be read: %s", type(error).__name__)
        return HttpResponse(status=UNREADABLE)
    noted = [bounces.came_back(one.mark, one.why) for one in found]
    return HttpResponse(status=LATER if None in noted else OK)


def _length(request: HttpRequest) -> int:
    """How long it says to be; no more is read of it."""
    said = request.headers.get("Content-Length") or "0"
    return int(said[:12]) if said.isdecimal() and said.isascii() else 0


def _knows_us(request: HttpRequest) -> bool:
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    try:
        said = b64decode(given[:1000], validate=True)
    except (NotBase64, ValueError):
        said = b""
    wanted = settings.MAIL_SERVICE_PASSWORD.encode()
    return bool(wanted) and kind.lower() == "basic" and constant_time_compare(said, wanted)


def _failures(request: HttpRequest) -> Iterator[Failure]:
    given: dict[str, Any] = {"webhook_secret": settings.MAIL_SERVICE_PASSWORD}
    if settings.MAIL_SERVICE == "mailgun":
        given["webhook_signing_key"] = settings.MAIL_SERVICE_KEY
    view = VIEWS[settings.MAIL_SERVICE](**given)
    view.run_validators(request)
    for event in view.parse_events(request)[:MOST]:
        why = str(event.mta_response or event.description or event.reject_reason or "-")
        if event.event_type not in NOT_DELIVERED or _FOR_NOW.search(why):
            continue
        whole = json.dumps(event.esp_event, default=str)[:LONGEST]
        for mark in dict.fromkeys(_MARK.findall(whole)):
            yield Failure(mark, why)
