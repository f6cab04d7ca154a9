"""Lists as CSV files that a spreadsheet opens, with nothing in them that it would run."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from integrations.base.records import instant
from portal.common.batches import slices
from portal.common.reader.characters import guarded
from portal.conferences.audience import queries as queries_registrations
from portal.conferences.links import join_link
from portal.conferences.models import Attendee, Conference

PEOPLE = (
    _("E-mail"),
    _("First name"),
    _("Last name"),
    _("Company"),
    _("Phone"),
    _("Country"),
    _("Groups"),
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


def safe(value: Any) -> str:
    """The cell's text; an apostrophe before what looks like a formula keeps it text."""
    return guarded("" if value is None else str(value))


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def as_file(lines: Iterable[Iterable[Any]], name: str) -> StreamingHttpResponse:
    """UTF-8 with a BOM, without which Excel reads letters wrong; streamed as it is made."""
    writer = csv.writer(_Echo())
    rows = (writer.writerow([safe(cell) for cell in line]) for line in lines)

    def content() -> Iterator[str]:
        yield "\ufeff"
        yield from rows

    response = StreamingHttpResponse(content(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def registrations(conference: Conference, params: Mapping[str, str]) -> Iterator[Iterable[Any]]:
    """The registrations that the table would show, all pages of it."""
    yield REGISTRATIONS
    for some in slices(queries_registrations.selected(conference, params).iterator()):
        mails = queries_registrations.last_mails(row.pk for row in some)
        for row in some:
            person, line = row.attendee, queries_registrations.Row(row, None, mails.get(row.pk))
            moment = instant(row.registered_at) if row.registered_at else ""
            yield (
                person.email,
                person.first_name,
                person.last_name,
                person.company,
                line.word,
                moment,
                join_link(row.token),
                line.mailed.appearance[0],
            )


def people(rows: Iterable[Attendee]) -> Iterator[Iterable[Any]]:
    """People with the names of their groups; `rows` come with their memberships."""
    yield PEOPLE
    for row in rows:
        groups = [m.group.name for m in row.memberships.all() if not m.removed_at]
        yield (
            row.email,
            row.first_name,
            row.last_name,
            row.company,
            row.phone,
            row.country,
            "; ".join(groups),
        )
