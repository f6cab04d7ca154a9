"""The pages that ask who is told of an act, and the presses that have thousands told; in a process
of its own, see `telling`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from tests.bench.staff_pages import administrator, measured


class Asked(NamedTuple):
    """A page that asks, and what is sent to it; nothing is sent where it is only read."""

    words: str
    url: str
    sent: dict[str, Any] | None = None


def run(*, people: int, dates: int, times: int) -> list[dict[str, Any]]:
    """Fill, and measure each page, then each press, which is taken back."""
    rows = fill(people, dates)
    client = administrator()
    return [
        {"words": one.words, **measured(_taken_back(client, one), times)}
        for one in asked(rows, people)
    ]


def fill(people: int, dates: int) -> dict[str, Any]:
    """A webinar and a series, with so many people at each date: all were invited, each tenth was
    told of a change, and those of the series have not answered."""
    from django.db import connection, transaction

    from portal.common import clock
    from portal.conferences.models import Attendee, Conference, Series
    from portal.platforms.models import PlatformAccount

    account = PlatformAccount.objects.create(
        label="Bench", platform="clickmeeting", base_url="http://127.0.0.1:1", credentials={}
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=40)
    plain = {"account": account, "title": "Autumn tour", "timezone": "Europe/Berlin"}
    plain |= {"duration_minutes": 60}
    with transaction.atomic():
        series = Series.objects.create(
            uid=str(uuid4()), title="Course", rule="", timezone="Europe/Berlin", first_at=start
        )
        one = Conference.objects.create(starts_at=start, **plain)
        every = [
            Conference.objects.create(
                starts_at=start + timedelta(days=7 * week, hours=2),
                series=series,
                planned_at=start + timedelta(days=7 * week, hours=2),
                **plain,
            )
            for week in range(dates)
        ]
        met = Attendee.objects.bulk_create(
            Attendee(email=f"person{i}@example.com", first_name="Ann", last_name=f"Last{i}")
            for i in range(people)
        )
        for row in (one, *every):
            _people(row, met, invited=row is not one)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"one": one, "date": every[0], "series": series}


def _people(row: Any, met: list[Any], *, invited: bool) -> None:
    from portal.common import clock
    from portal.conferences.mails.services import news
    from portal.conferences.models import Invitation, Registration

    stage = Registration.Stage.INVITED if invited else Registration.Stage.REGISTERED
    made = Registration.objects.bulk_create(
        Registration(conference=row, attendee=one, stage=stage, invited_at=clock.now())
        for one in met
    )
    after = news.shown(row)
    sent = {"state": "sent", "after": after, "not_before": clock.now(), "sent_at": clock.now()}
    for purpose, some in (("invite", made), ("update", made[::10])):
        Invitation.objects.bulk_create(
            Invitation(
                conference=row,
                registration=one,
                purpose=purpose,
                act="invite" if purpose == "invite" else "reschedule",
                to_email=one.attendee.email,
                subject="Autumn tour",
                **sent,
            )
            for one in some
        )


def asked(rows: dict[str, Any], people: int) -> list[Asked]:
    """Every page that asks before an act of which everybody hears, and its answer."""
    from portal.conferences import walltime
    from tests.factories import staff_url

    one, date, series = rows["one"], rows["date"], rows["series"]
    later = walltime.wall(one.starts_at + timedelta(hours=1), one.timezone)
    moved = {"date": f"{later:%Y-%m-%d}", "time": f"{later:%H:%M}", "timezone": one.timezone}
    moved |= {"fold": "first", "version": one.version, "clashes": "yes"}
    yes = {"tell": "yes", "counted": people, "note": ""}
    here = staff_url
    time = here("conference-reschedule", one.pk)
    edit = {
        "account": one.account_id,
        "title": "Winter tour",
        "room_type": "webinar",
        "access": "open",
        "duration_minutes": "60",
        "save": "yes",
        "description": "",
        **moved,
    }
    cancel, remind = here("conference-cancel", one.pk), here("conference-remind", one.pk)
    all_dates = {"extent": "ahead"}
    return [
        Asked("move: ask", time, moved | {"do": "yes"}),
        Asked("edit: ask", here("conference-edit", one.pk), edit),
        Asked("cancel: ask", cancel),
        Asked("remind: ask", remind),
        Asked("cancel a series: ask", f"{here('conference-cancel', date.pk)}?extent=ahead"),
        Asked("remind of a series: ask", here("series-remind", series.pk)),
        Asked("move: press", time, moved | yes | {"do": "yes"}),
        Asked("cancel: press", cancel, yes),
        Asked("remind: press", remind, yes | {"who": "registered"}),
        Asked("cancel a series: press", here("conference-cancel", date.pk), yes | all_dates),
        Asked("remind of a series: press", here("series-remind", series.pk), yes),
    ]


def _taken_back(client: Any, one: Asked) -> Callable[[], Any]:
    from django.db import transaction

    def ask() -> Any:
        with transaction.atomic():
            answer = client.get(one.url) if one.sent is None else client.post(one.url, one.sent)
            transaction.set_rollback(True)
        _require(one, answer)
        return answer

    return ask


def _require(one: Asked, answer: Any) -> None:
    """A page that asks shows its card, and a press leads on."""
    done = answer.status_code == 302 if one.words.endswith("press") else b"Notify" in answer.content
    if not done:
        raise RuntimeError(f"{one.words} answered with {answer.status_code}")
