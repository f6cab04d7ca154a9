"""Registration pages in each of their states, and who has filled one in."""

from datetime import timedelta
from typing import Any

from portal.common import clock
from portal.conferences.models import Question, Registration, RegistrationPage
from portal.platforms.models import PlatformAccount
from tests.factories import (
    AttendeeFactory,
    ConferenceFactory,
    RegistrationFactory,
    SeriesFactory,
)

Stage = Registration.Stage


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
        **_of_series(account, title),
    }


def _of_series(account: PlatformAccount, title: str) -> dict[str, tuple[Any, ...]]:
    """The page of a series for all dates, and one to choose them, of which one is full; with
    somebody who is registered for one, waits for another, and is to be approved for a third."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, values in {
        "page of a series": {"dates": "all"},
        "page to choose dates": {"dates": "chosen", "limit": 1},
    }.items():
        series = SeriesFactory(title=title)
        start = clock.now() + timedelta(days=40)
        dates = [
            ConferenceFactory(
                account=account, title=title, series=series, starts_at=start + timedelta(weeks=week)
            )
            for week in range(4)
        ]
        page = RegistrationPage.objects.create(series=series, open=True, intro=title, **values)
        found |= {name: (page.slug,), f"series with a {name}": (series.pk,)}
    RegistrationPage.objects.create(conference=dates[3], limit=2)
    named = {"first_name": "", "last_name": title[:20]}
    RegistrationFactory(conference=dates[0], attendee=AttendeeFactory(**named))
    person = AttendeeFactory(**named)
    stages = (Stage.WAITLISTED, Stage.REGISTERED, Stage.APPROVAL)
    rows = [
        RegistrationFactory(
            conference=date, attendee=person, stage=stage, answer="yes", answered_at=clock.now()
        )
        for date, stage in zip(dates, stages, strict=False)
    ]
    question = page.questions.create(kind="text", label=title)
    rows[0].question_answers.create(page=page, question=question, asked=title, value=title)
    chosen = [date.pk for date in dates]
    asked = page.unconfirmed.create(email="new@example.org", dates=chosen)
    done = page.unconfirmed.create(
        email=person.email, dates=chosen, registration=rows[0], confirmed_at=clock.now()
    )
    return found | {
        "unconfirmed for dates": (asked.token,),
        "confirmed for dates": (done.token,),
    }
