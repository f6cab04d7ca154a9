"""Registration pages in each of their states, and who has filled one in."""

from typing import Any

from portal.common import clock
from portal.conferences.models import Question, RegistrationPage
from portal.platforms.models import PlatformAccount
from tests.factories import ConferenceFactory, RegistrationFactory


def registration_pages(account: PlatformAccount, title: str) -> dict[str, tuple[Any, ...]]:
    """Registration pages in each of their states, with somebody who has filled one in."""
    pages = {}
    for name, values in {
        "open page": {"open": True, "intro": title},
        "full page": {"open": True, "limit": 1},
        "closed page": {"open": False},
    }.items():
        conference = ConferenceFactory(account=account, title=title)
        pages[name] = RegistrationPage.objects.create(conference=conference, **values)
        RegistrationFactory(
            conference=conference, attendee__first_name="", attendee__last_name=title[:20]
        )
    page = pages["open page"]
    label = f"{title} https://www.example.com/{'privacy' * 12}"  # nothing breaks it by itself
    for kind in Question.Kind.values:
        page.questions.create(kind=kind, label=label, options=[title], required=kind != "long")
    asked = page.unconfirmed.create(email="new@example.com")
    done = page.unconfirmed.create(
        email="known@example.com",
        registration=page.conference.registrations.get(),
        confirmed_at=clock.now(),
    )
    return {name: (one.slug,) for name, one in pages.items()} | {
        "unknown page": ("nothing",),
        "unconfirmed": (asked.token,),
        "confirmed registration": (done.token,),
    }
