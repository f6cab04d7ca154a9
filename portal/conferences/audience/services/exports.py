"""Lists as CSV and XLSX files that a spreadsheet opens, with nothing in them that it would run."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import StringIO
from itertools import groupby
from operator import itemgetter
from string import ascii_letters, digits
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from integrations.base.records import instant
from portal.common.batches import slices
from portal.common.reader.characters import guarded
from portal.common.reader.own import written_value
from portal.common.sheets import MEDIA_TYPE, workbook
from portal.conferences.audience import answer_queries, series_page_queries, series_queries, typed
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.links import join_link
from portal.conferences.models import (
    Attendee,
    AttendeeGroup,
    Conference,
    Registration,
    RegistrationPage,
    Series,
)
from portal.conferences.people.services import fields, tags

PEOPLE = (
    _("E-mail"),
    _("First name"),
    _("Last name"),
    _("Company"),
    _("Phone"),
    _("Country"),
    _("Language"),
    _("Groups"),
    _("Tags"),
)
REGISTRATIONS = (
    _("E-mail"),
    _("First name"),
    _("Last name"),
    _("Company"),
    _("State"),
    _("Registered at (UTC)"),
    _("Personal link"),
    _("Mail"),
)

SERIES = (_("E-mail"), _("First name"), _("Last name"), _("Company"), _("Registered for"))


_PERSON = ("email", "first_name", "last_name", "company")
PEOPLE_AT_ONCE = 200  # each may have a hundred registrations
READ_AT_ONCE = 2000  # rows; however long a list is, no more of it is held in memory


# Nearly all cells of a long list begin with one of these, or are empty, and need no second look.
_HARMLESS = frozenset({"", *ascii_letters, *digits})


def safe(value: Any) -> str:
    """The cell's text; an apostrophe before what looks like a formula keeps it text. A number is
    none, whatever it begins with."""
    if type(value) in (int, float):
        return written_value(value)
    return guarded("" if value is None else str(value))


CSV, XLSX = "csv", "xlsx"


def saved_as(form: str, lines: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """A list in the form that was asked for; the name comes without an ending."""
    if form == XLSX:
        response = StreamingHttpResponse(workbook(lines), content_type=MEDIA_TYPE)
        return _to_save(response, f"{name}.xlsx")
    return as_file(lines, f"{name}.csv")


def _to_save(response: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def as_file(lines: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """UTF-8 with a BOM, without which Excel reads letters wrong; streamed as it is made."""

    def content() -> Iterator[str]:
        yield "\ufeff"
        for some in slices(lines):
            text = StringIO()
            csv.writer(text).writerows(
                [
                    cell if type(cell) is str and cell[:1] in _HARMLESS else safe(cell)
                    for cell in line
                ]
                for line in some
            )
            yield text.getvalue()

    return _to_save(StreamingHttpResponse(content(), content_type="text/csv; charset=utf-8"), name)


def registrations(conference: Conference, params: Mapping[str, str]) -> Iterator[Iterable[Any]]:
    """The registrations that the table would show, all pages of it."""
    ties = answer_queries.ties_of(conference)
    labels = answer_queries.labels_of(conference, ties)
    yield (*REGISTRATIONS, *labels)
    mails = queries_registrations.mail_states(conference)
    words = cache(queries_registrations.word_of)
    letters = cache(_mail_word)
    rows = queries_registrations.selected(conference, params).values_list(
        "pk",
        "gone_at",
        Registration.LEFT_AT,
        "join_url",
        "token",
        "registered_at",
        Registration.STANDING,
        "answer",
        "answers_there",
        *(f"attendee__{name}" for name in _PERSON),
    )
    for some in slices(rows.iterator(READ_AT_ONCE), READ_AT_ONCE):
        newest = mails([row[0] for row in some])
        answers = (
            answer_queries.answers_of({row[0]: row[8] for row in some}, ties, conference.series_id)
            if labels
            else {}
        )
        for pk, gone, removed, url, token, registered_at, stage, answer, _there, *person in some:
            said = answers.get(pk, {})
            state = queries_registrations.state_of(bool(gone), bool(registered_at or url))
            yield (
                *person,
                words(bool(removed), stage, answer, state),
                instant(registered_at) if registered_at else "",
                join_link(token),
                letters(newest[pk][1] if pk in newest else ""),
                *(typed.cell(*said.get(label, answer_queries.NOTHING)) for label in labels),
            )


def series(dates: series_queries.Dates, params: Mapping[str, str]) -> Iterator[Iterable[Any]]:
    """The people that the page of a series would show, all pages of it: a column for each date."""
    yield (*SERIES, *series_queries.labels(dates))
    words = {state: str(mark.word) for state, mark in series_queries.MARKS.items()}
    ids = dates.ids
    rows = series_queries.selected(dates, params).values_list("pk", *_PERSON)
    for some in slices(rows.iterator(READ_AT_ONCE)):
        states = series_queries.states_of(dates, [row[0] for row in some])
        for pk, *person in some:
            theirs = states.get(pk, {})
            there = series_queries.registered(theirs)
            yield (*person, str(there), *(words[theirs.get(date, "")] for date in ids))


def people_of_series(series: Series, page: RegistrationPage) -> Iterator[Iterable[Any]]:
    """Who registered on the page of a series: one row a person, a column for each date that takes
    place and for each question."""
    dates = list(
        Conference.objects.filter(series=series, removed_at=None, starts_at__isnull=False)
        .order_by("starts_at", "pk")
        .values_list("pk", "starts_at")
    )
    labels = series_page_queries.labels(page) if page.pk else []
    yield (*REGISTRATIONS[:4], *(instant(at) for _pk, at in dates if at), *labels)
    if not page.pk:
        return
    rows = series_page_queries.people(page).values_list("pk", *_PERSON)
    for some in slices(rows.iterator(READ_AT_ONCE), PEOPLE_AT_ONCE):
        ids = [row[0] for row in some]
        standing = series_page_queries.standing(series, ids)
        answers = series_page_queries.answers(page, ids) if labels else {}
        for pk, *person in some:
            said = answers.get(pk, {})
            yield (
                *person,
                *(standing[pk].get(date, "") if pk in standing else "" for date, _at in dates),
                *(typed.cell(*said.get(label, answer_queries.NOTHING)) for label in labels),
            )


def _mail_word(state: str) -> str:
    return str(queries_registrations.mail_appearance(state)[0])


def people(rows: QuerySet[Attendee]) -> Iterator[Iterable[Any]]:
    """People with the names of their groups: a row for each membership, those of one person next
    to each other; their tags, asked for so many people at a time; and own columns."""
    columns = fields.columns()
    yield (*PEOPLE, *(column.label for column in columns))
    names = dict(AttendeeGroup.objects.order_by("sort_key", "name").values_list("pk", "name"))
    place = {pk: number for number, pk in enumerate(names)}
    now = Q(memberships__removed_at=None, memberships__gone_at=None)
    found = rows.annotate(now=FilteredRelation("memberships", condition=now)).values_list(
        "pk", *_PERSON, "phone", "country", "language", "own", "now__group"
    )
    persons = groupby(found.iterator(READ_AT_ONCE), itemgetter(0))
    for some in slices(((pk, list(lines)) for pk, lines in persons), READ_AT_ONCE):
        tagged = tags.names_of([pk for pk, _lines in some])
        for pk, (first, *others) in some:
            # Not those that were deleted here, and only wait for their platform.
            inside = [line[-1] for line in (first, *others) if line[-1] in place]
            if others:
                inside.sort(key=place.__getitem__)
            own = first[-2]
            yield (
                *first[1:-2],
                "; ".join([names[group] for group in inside]),
                "; ".join(tagged.get(pk, ())),
                *(written_value(own[c.key]) if c.key in own else "" for c in columns),
            )
