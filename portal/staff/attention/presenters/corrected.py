"""What mails a person gets whose address is corrected, or who is merged, before that is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.conferences.mails.forms import TellingForm
from portal.conferences.mails.services import UNSENT, preview_queued
from portal.conferences.models import Attendee, Conference, Invitation
from portal.staff.presenters.send_card import Question, SendCard


@dataclass(slots=True)
class PersonCard(SendCard):
    """One person hears, perhaps of several webinars."""

    who: str = ""

    @property
    def people(self) -> str:
        return self.who


@dataclass(slots=True)
class PersonQuestion(Question):
    """It belongs to a person's page, and to no single webinar."""

    @property
    def conference(self) -> Conference | None:
        return None


def asking(
    person: Attendee,
    act: Callable[[], Any],
    named: tuple[str, str],
    data: Any,
    url: str,
    hidden: Any,
) -> Question | None:
    """The page that asks whether somebody is invited anew where an act gives them another address;
    None where it makes no mail. `named` is the page's title, and the act ("Save").

    The act is tried and taken back. Raises what it raises.
    """
    with transaction.atomic():
        last = Invitation.objects.aggregate(n=Max("pk"))["n"] or 0
        act()
        rows = Invitation.objects.filter(registration__attendee=person, pk__gt=last)
        rows = rows.filter(state__in=UNSENT).order_by("pk")
        fresh = list(rows.select_related("conference__account", "registration__attendee"))
        question = _question(fresh, named, data, url, hidden) if fresh else None
        transaction.set_rollback(True)
    return question


def _question(
    fresh: Sequence[Invitation], named: tuple[str, str], data: Any, url: str, hidden: Any
) -> Question:
    form = TellingForm(data)
    found = preview_queued(fresh, form.typed)
    email = fresh[0].to_email
    outlook = ngettext(
        "%(email)s gets the invitation once the platform has the registration.",
        "%(email)s gets %(count)d invitations once the platform has the registration.",
        len(fresh),
    ) % {"email": email, "count": len(fresh)}
    before = _("%(webinar)s: the invitation went to another address so far.")
    card = PersonCard(fresh[0].about, found, form, outlook, who=email)
    return PersonQuestion(
        *named,
        card,
        url,
        hidden=hidden,
        icon="check",
        consequences=[before % {"webinar": one.about.title} for one in fresh],
    )
