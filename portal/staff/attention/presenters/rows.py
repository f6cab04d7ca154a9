"""What waits for a person, as a row: what happened, to what, and the button that mends it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.base.records import SPECS, Kind
from portal.common import clock
from portal.common.texts import Text, shown, within
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import lost
from portal.conferences.models import Change
from portal.conferences.schedule.services import answer_changes
from portal.outbox.models import PUSH
from portal.outbox.queries import waiting_because
from portal.staff.attention.presenters import differences
from portal.staff.presenters import words
from portal.staff.presenters.history import who
from portal.staff.presenters.words import people
from portal.sync.models import Conflict
from portal.sync.queries import AccountView, Item
from portal.sync.services import choices

_APPEARANCES = {
    "conflict": ("warning", "arrows-right-left", gettext_lazy("Changed on both sides")),
    "changed": ("warning", "calendar", gettext_lazy("Changed on the platform")),
    "gone": ("danger", "link-slash", gettext_lazy("Removed there")),
    "failed": ("danger", "exclamation-circle", gettext_lazy("Not accepted")),
    "unknown": ("info", "magnifying-glass", gettext_lazy("Perhaps done")),
    "late": ("warning", "clock", gettext_lazy("Waits for long")),
    "held": ("warning", "hand-raised", gettext_lazy("Held")),
    "refused": ("danger", "key", gettext_lazy("Credentials refused")),
    "paused": ("warning", "pause-circle", gettext_lazy("Paused")),
    "mail": ("danger", "envelope", gettext_lazy("Mail")),
    "approval": ("warning", "clock", gettext_lazy("Waiting for approval")),
    "poll": ("info", "calendar-days", gettext_lazy("Date poll")),
}
_TEMPLATES = {"gone": "conflict", "failed": "entry", "unknown": "entry", "late": "entry"}


@dataclass(slots=True)
class Row:
    """One line of the page; `template` draws what is particular to its sort."""

    item: Item
    kind: str
    icon: str
    word: str
    title: str
    url: str
    sentence: Text | str
    template: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """What HTMX takes off the page when it is settled."""
        return f"#{self.item.key}"


class Known(NamedTuple):
    """What is asked for all rows together: who changed what a conflict overruled, and how many
    mails wait for an entry."""

    editors: dict[int, Change]
    mails: dict[int, int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Accounts whose data may be old, and why."""

    title: str
    sentence: str
    url: str
    action: str


def doubts(views: Iterable[AccountView]) -> list[Doubt]:
    """What to know of accounts that nobody looks at now. Those that are only late have one reason
    together: said once. Refused credentials have a line of their own among what waits."""
    wanted = [one for one in views if not one.fresh and one.health.state != "refused"]
    late = [one for one in wanted if one.health.state == "late"]
    found = [_doubt(one) for one in wanted if one not in late or len(late) == 1]
    if len(late) > 1:
        said = _(
            "An administrator should see whether Lectern's worker is running. Not synced lately: "
            "%(accounts)s."
        ) % {"accounts": words.listed(one.account.label for one in late)}
        title = ngettext(
            "%(count)d account is not synced", "%(count)d accounts are not synced", len(late)
        ) % {"count": len(late)}
        found.insert(0, Doubt(title, said, reverse("staff:accounts"), _("See the accounts")))
    return found


def _doubt(view: AccountView) -> Doubt:
    url = reverse("staff:account", args=[view.account.pk])
    return Doubt(view.account.label, view.health.sentence, url, _("Open the account"))


def rows(items: Iterable[Item]) -> list[Row]:
    """The items as rows; a query more for who changed what was overruled, and for each kind of what
    was refused, since mails may wait for it."""
    found = list(items)
    known = Known(
        _editors([i.thing for i in found if i.sort == "conflict" and i.thing.field]),
        lost.waiting_counts(i.thing for i in found if _TEMPLATES.get(i.sort) == "entry"),
    )
    return [_row(item, known) for item in found]


def _row(item: Item, known: Known) -> Row:
    kind, icon, word = _APPEARANCES[item.sort]
    template = _TEMPLATES.get(item.sort, item.sort)
    row = Row(
        item,
        kind,
        icon,
        str(word),
        item.named.title,
        url_of(item),
        "",
        f"attention/{template}.html",
    )
    _DETAILS[template](row, known)
    return row


def url_of(item: Item) -> str:
    """The page that shows what an item is about; empty where there is none."""
    named = item.named
    pages = (
        ("conference", named.conference_id),
        ("person", named.person_id),
        ("group", named.group_id),
        ("date-poll", named.poll_id),
        ("series", named.series_id),
    )
    for page, pk in pages:
        if pk is not None:
            return _reverse(page, pk)
    return (
        _reverse("account", item.account.pk) if item.sort in ("held", "refused", "paused") else ""
    )


def _reverse(page: str, pk: int) -> str:
    try:
        return reverse(f"staff:{page}", args=[pk])
    except NoReverseMatch:
        return ""


def _conflict(row: Row, known: Known) -> None:
    conflict: Conflict = row.item.thing
    row.word = conflict.get_sort_display()
    row.sentence = str(conflict.sentence)
    answers = choices(conflict)
    more: dict[str, Any] = {"answers": answers, "field": ""}
    if conflict.field:
        label = words.label(conflict.field)
        row.sentence = _WORDS[conflict.sort] % {"field": label}
        more |= {
            side: words.value(conflict.field, getattr(conflict, side), conflict.account)
            for side in _SIDES
        }
        more |= {"field": label, "by_value": {one.value: one for one in answers}}
        more["kept"] = conflict.winner
        if change := known.editors.get(conflict.pk):
            more |= {"editor": who(change), "edited_at": change.at}
    row.more = more


_SIDES = ("ours", "theirs", "base")
_WORDS: dict[str, Any] = {
    Conflict.Sort.FIELD: gettext_lazy(
        "%(field)s: changed on both sides. Theirs is in use, ours is kept."
    ),
    Conflict.Sort.REFUSED: gettext_lazy(
        "%(field)s: changed here, but the platform takes no change of it."
    ),
    Conflict.Sort.FLIP: gettext_lazy(
        "%(field)s: sent several times, and put back there each time."
    ),
}


def _entry(row: Row, known: Known) -> None:
    entry = row.item.thing
    action = row.item.account.capabilities.actions.get(entry.verb)
    name = shown(action.label) if action else entry.verb
    row.sentence = str(entry.problem) or _("The platform did not say why.")
    if row.item.sort == "late":
        row.sentence = waiting_because(row.item.account, entry)
    row.more = {
        "mails": known.mails.get(entry.pk, 0),
        "is_push": entry.verb == PUSH,
        "action": "" if entry.verb == PUSH else name,
        "edit_url": _edit_url(row) if entry.verb == PUSH else "",
        "field_errors": [
            (words.label(field), texts) for field, texts in (entry.field_errors or {}).items()
        ],
    }


def _edit_url(row: Row) -> str:
    named = row.item.named
    if row.item.thing.kind == "conference" and named.conference_id:
        return _reverse("conference-edit", named.conference_id)
    return _reverse("person-edit", named.person_id) if named.person_id else ""


def _held(row: Row, known: Known) -> None:
    hold = row.item.thing
    row.title = row.item.account.label
    row.sentence = str(hold.reason)
    platform = row.item.account.platform_name
    row.more = {
        "missing": [one for one in hold.missing if isinstance(one, dict)],
        "noun": within(shown(SPECS[Kind(hold.kind)].plural)),
        "release": _("Delete them there") if hold.ours else _("They are gone"),
        "consequence": (
            _("Released, they are deleted on %(platform)s.") % {"platform": platform}
            if hold.ours
            else _("Released, they are marked as removed there. They stay here until you choose.")
        ),
    }


def _refused(row: Row, known: Known) -> None:
    account = row.item.account
    row.title = account.label
    refused = _("%(platform)s does not accept the credentials.")
    row.sentence = str(account.runtime.problem) or refused % {"platform": account.platform_name}


def _paused(row: Row, known: Known) -> None:
    row.title, row.sentence = row.item.account.label, str(row.item.account.paused_why)


def _changed(row: Row, known: Known) -> None:
    change = row.item.thing
    concerned = answer_changes.concerned(change)
    found = mails.must_hear(change.conference, mails.Act.RESCHEDULE, **concerned)
    count = sum(bool(one.email) for one in found)
    ask = _("Notify %(people)s?") % {"people": people(count)}
    row.sentence = words.sentences(
        differences.sentence(change), ask if count else _("Nobody has to be notified.")
    )
    row.more = {"label": _("Decide who is notified") if count else _("Confirm")}


def _mail(row: Row, known: Known) -> None:
    mail = row.item.thing
    perhaps = mail.state == mail.State.UNKNOWN
    row.word = _("Mail perhaps sent") if perhaps else _("Mail not sent")
    row.sentence = mail.problem or _("The mail server did not say why.")
    tab = url_of(row.item)
    if mail.conference_id:
        tab = f"{_reverse('conference-mails', mail.conference_id)}?state={mail.state}"
    row.more = {
        "perhaps": perhaps,
        "leave": _("It arrived") if perhaps else _("Dismiss"),
        "tab": tab,
        "count": mail.alike,
    }
    if mail.alike > 1:
        row.word = _several_mails(mail.alike, perhaps)
        row.sentence = _("The last of them, to %(email)s: %(problem)s") % {
            "email": mail.to_email,
            "problem": row.sentence,
        }


def _poll(row: Row, known: Known) -> None:
    poll = row.item.thing
    row.sentence = _("All have answered: choose one of the times.")
    if poll.answer_until and poll.answer_until < clock.now():
        row.sentence = _("The day is over until which answers were asked for: choose a time.")


def _several_mails(count: int, perhaps: bool) -> str:
    if perhaps:
        said = ngettext("%(count)s mail perhaps sent", "%(count)s mails perhaps sent", count)
    else:
        said = ngettext("%(count)s mail not sent", "%(count)s mails not sent", count)
    return said % {"count": words.number(count)}


def _approval(row: Row, known: Known) -> None:
    newest = row.item.thing
    said = ngettext(
        "%(count)s person wants to take part and waits until somebody lets them in.",
        "%(count)s people want to take part and wait until somebody lets them in.",
        newest.alike,
    )
    row.sentence = said % {"count": words.number(newest.alike)}
    series = row.item.named.series_id
    if series is not None:
        people_page = f"{_reverse('series-people', series)}?state=approval"
    else:
        people_page = f"{_reverse('conference-people', newest.conference_id)}?rstate=approval"
    row.more = {"people": people_page}


_DETAILS = {
    "approval": _approval,
    "changed": _changed,
    "conflict": _conflict,
    "entry": _entry,
    "held": _held,
    "refused": _refused,
    "paused": _paused,
    "mail": _mail,
    "poll": _poll,
}


def _editors(conflicts: list[Conflict]) -> dict[int, Change]:
    """Conflict -> the last line of a person who set its field before it arose."""
    if not conflicts:
        return {}
    lines = (
        Change.objects.filter(
            kind__in={c.kind for c in conflicts},
            local_id__in={c.local_id for c in conflicts},
            actor__isnull=False,
        )
        .select_related("actor")
        .order_by("-id")[:500]
    )
    found: dict[int, Change] = {}
    for change in lines:
        for conflict in conflicts:
            same = (change.kind, change.local_id) == (conflict.kind, conflict.local_id)
            if same and conflict.field in change.after and change.at <= conflict.at:
                found.setdefault(conflict.pk, change)
    return found
