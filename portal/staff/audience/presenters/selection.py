"""What the box for people, groups and addresses shows below itself while somebody types."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.common.dates import SHORT_OF_YEAR, written
from portal.common.errors import NotPossible
from portal.common.reader.characters import fold
from portal.conferences.audience.forms.invite import SelectionForm
from portal.conferences.models import Attendee, AttendeeGroup, Conference
from portal.conferences.people.services import selection
from portal.conferences.people.services.selection import Selection
from portal.conferences.schedule.services import clashes
from portal.staff.webinars.presenters.clashes import ClashWarning, on_dates


@dataclass(slots=True)
class SelectionPreview:
    """Ticked rows, further rows that fit the last words, and what was understood of the text."""

    chosen: Selection
    people: list[Attendee] = field(default_factory=list)
    groups: list[AttendeeGroup] = field(default_factory=list)
    more_people: list[Attendee] = field(default_factory=list)
    more_groups: list[AttendeeGroup] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def unusable(self) -> int:
        """How many entries would be left out: words that mean nobody, and what was refused."""
        return len(self.unclear) + len(self.chosen.invalid)

    @property
    def nobody(self) -> bool:
        return not len(self.chosen)


def preview_selection(form: SelectionForm) -> SelectionPreview:
    """Everything for `people/_selection.html`; a text that is too long becomes its problem."""
    chosen = form.chosen
    try:
        found = SelectionPreview(selection.gather(**chosen))
    except NotPossible as error:
        return SelectionPreview(Selection(), problem=error.sentence)
    found.people = list(Attendee.standing.filter(pk__in=chosen["person_ids"][:1000]))
    found.groups = list(selection.with_sizes().filter(pk__in=chosen["group_ids"][:1000]))
    found.unclear = [words for words in found.chosen.words if not _ticked(words, found)]
    if found.unclear:
        people, groups = selection.search(found.unclear[-1])
        found.more_people = [row for row in people if row not in found.people]
        found.more_groups = [row for row in groups if row not in found.groups]
    return found


def with_everyone(found: SelectionPreview, people: list[Attendee]) -> None:
    """Put these people among the chosen ones, each once."""
    known = {one.pk for one in found.chosen.people}
    emails = {one.email for one in people}
    found.chosen.people += [one for one in people if one.pk not in known]
    found.chosen.newcomers = [one for one in found.chosen.newcomers if one.email not in emails]
    if len(found.chosen) > selection.MOST_PEOPLE:
        found.problem = selection.too_many()


def only_usable(data: QueryDict, found: SelectionPreview) -> QueryDict:
    """What was sent, with a text of which only the usable entries are left."""
    data = data.copy()
    data["who"] = selection.without_unusable(data.get("who", ""), found.unclear)
    return data


def _ticked(words: str, found: SelectionPreview) -> bool:
    """Whether a ticked row is what the words were typed for."""
    wanted = fold(words).split()
    texts = [fold(f"{one.name} {one.email} {one.company}") for one in found.people]
    texts += [fold(group.name) for group in found.groups]
    return any(all(word in text for word in wanted) for text in texts)


def warning_of_groups(conference: Conference, groups: Collection[int]) -> ClashWarning:
    """To what else the groups are invited at the time of a webinar; nobody has to answer."""
    found = next(iter(clashes.of_groups([conference], groups)), clashes.Clashes())
    return ClashWarning(found, str(conference.account), asks=False, data={})


def clashes_of_groups(dates: Sequence[Conference], groups: Collection[int]) -> dict[str, Any]:
    """The same of the dates of a series: how many, and the first of them in words."""
    found = clashes.of_groups(dates, groups)
    when = [written(timezone.localtime(one.starts_at), SHORT_OF_YEAR) for one in dates]
    return on_dates(zip(when, found, strict=False), "") if found else {}


def invited_note(*, register: bool) -> str:
    """What becomes of those who were invited before and are not registered."""
    if register:
        return _("They have not answered yet, or not with yes: they are registered, and told so.")
    return _("They have their invitation; nothing is sent to them again.")
