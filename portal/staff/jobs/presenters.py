"""Long work in the words of its page, and what came of it: also of what was done at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from portal.common import clock
from portal.conferences.audience.services import invite
from portal.conferences.jobs import queries, services
from portal.conferences.mails import services as mails
from portal.conferences.mails.services import Act
from portal.conferences.models import AttendeeGroup, Conference, Invitation, Job
from portal.conferences.people.services import imports
from portal.identity import roles
from portal.staff.presenters import words

What, State = Job.What, Job.State


@dataclass(frozen=True, slots=True)
class Words:
    """What one sort of long work is called; `stays` and `others` take a number of people."""

    goes_on: Any
    what: Any
    ask: Any
    no_more: Any
    ended: Any
    nobody: Any
    stays: Any
    others: Any


WORDS = {
    What.INVITE: Words(
        goes_on=gettext_lazy("People are being invited"),
        what=gettext_lazy("Inviting people"),
        ask=gettext_lazy("Cancel inviting?"),
        no_more=gettext_lazy("Invite nobody else"),
        ended=gettext_lazy("No more are invited."),
        nobody=gettext_lazy("Nobody is invited yet."),
        stays=ngettext_lazy(
            "%(people)s person is invited and stays invited.",
            "%(people)s people are invited and stay invited.",
            "count",
        ),
        others=ngettext_lazy(
            "The other one is not invited.", "The other %(people)s are not invited.", "count"
        ),
    ),
    What.IMPORT: Words(
        goes_on=gettext_lazy("People are being imported"),
        what=gettext_lazy("Importing people"),
        ask=gettext_lazy("Cancel importing?"),
        no_more=gettext_lazy("Import nobody else"),
        ended=gettext_lazy("No more are imported."),
        nobody=gettext_lazy("Nobody is imported yet."),
        stays=ngettext_lazy(
            "%(people)s person is imported and stays here.",
            "%(people)s people are imported and stay here.",
            "count",
        ),
        others=ngettext_lazy(
            "The other one is not imported.", "The other %(people)s are not imported.", "count"
        ),
    ),
    What.JOIN: Words(
        goes_on=gettext_lazy("People are being put into a group"),
        what=gettext_lazy("Putting people into a group"),
        ask=gettext_lazy("Put nobody else into the group?"),
        no_more=gettext_lazy("Put in nobody else"),
        ended=gettext_lazy("No more are put into the group."),
        nobody=gettext_lazy("Nobody is put in yet."),
        stays=ngettext_lazy(
            "%(people)s person is in the group and stays in it.",
            "%(people)s people are in the group and stay in it.",
            "count",
        ),
        others=ngettext_lazy(
            "The other one is not put in.", "The other %(people)s are not put in.", "count"
        ),
    ),
}


def _words(job: Job) -> Words:
    return WORDS[What(job.what)]


def _of(said: Any, number: int) -> str:
    return str(said % {"count": number, "people": words.number(number)})


def invited(conference: Conference, done: invite.Done) -> str:
    """What came of an invitation."""
    number = done.number
    if not number:
        return _("Everyone was invited already. Nothing was sent.")
    waits = done.registered or not done.asked
    said = mails.outlook(conference, Act.INVITE, done.mails)
    return words.sentences(
        _invited(number), said if waits or conference.draft else mails.notified_now(done.mails)
    )


def _invited(number: int) -> str:
    said = ngettext("%(count)s person is invited.", "%(count)s people are invited.", number)
    return said % {"count": words.number(number)}


def invited_to_series(dates: Sequence[Conference], done: invite.Done) -> str:
    """What came of an invitation to several dates."""
    if not done.number:
        return _("Everyone was invited already. Nothing was sent.")
    said = ngettext(
        "%(people)s person is invited to %(dates)s dates.",
        "%(people)s people are invited to %(dates)s dates.",
        done.number,
    )
    counted = {"people": words.number(done.number), "dates": words.number(len(dates))}
    outlook = (
        mails.notified_now(done.mails)
        if done.asked
        else mails.outlook(dates[0], Act.INVITE, done.mails)
    )
    return words.sentences(said % counted, outlook)


def imported(done: imports.Result) -> str:
    """What came of an import."""
    counts = [
        _("%(count)d added") % {"count": done.created},
        _("%(count)d updated") % {"count": done.updated},
        _("%(count)d unchanged") % {"count": done.unchanged},
    ]
    counts += [_("%(count)d left out") % {"count": done.left_out}] if done.left_out else []
    said = _("Imported: %(counts)s.") % {"counts": words.listed(counts)}
    if not done.group:
        return said
    joined = _("%(count)d put into %(group)s.") % {"count": done.joined, "group": done.group.name}
    return words.sentences(said, joined)


def joined(group: str, number: int, created: int) -> str:
    """What came of putting people into a group, by its name."""
    if not number:
        return _("Nobody was put into %(group)s.") % {"group": group}
    if created:
        said = ngettext(
            "%(count)s person was put into %(group)s, %(new)s of them new here.",
            "%(count)s people were put into %(group)s, %(new)s of them new here.",
            number,
        )
    else:
        said = ngettext(
            "%(count)s person was put into %(group)s.",
            "%(count)s people were put into %(group)s.",
            number,
        )
    return said % {"count": words.number(number), "group": group, "new": words.number(created)}


def after_import(group: AttendeeGroup | None, conference_id: int | None, token: str) -> str:
    """Where an import leads: to the invitation that it was for, to its group, or to a choice."""
    if conference_id:
        return f"{reverse('staff:invite', args=[conference_id])}?import={token}"
    if group:
        return reverse("staff:group", args=[group.pk])
    return f"{reverse('staff:people-invite')}?import={token}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A job as its page shows it."""

    job: Job
    may_cancel: bool
    has_the_list: bool = False  # whether who looks has imported it lately: it can be invited

    @property
    def title(self) -> str:
        """What it is, now or then."""
        said = _words(self.job)
        return str(said.goes_on if self.job.open else said.what)

    @property
    def progress(self) -> str:
        """How many of how many."""
        said = _("%(done)s of %(total)s people")
        return said % {"done": words.number(self.job.done), "total": words.number(self.job.total)}

    @property
    def pace(self) -> str:
        """How long it still takes, or why nobody knows."""
        if queries.stands_still(self.job):
            return _(
                "Nothing has happened for more than a minute: no worker seems to be free. It goes "
                "on by itself; nothing is lost."
            )
        left = queries.time_left(self.job)
        return _("It starts in a moment.") if left is None else _left(left)

    @property
    def outcome(self) -> str:
        """What came of it, once it has ended."""
        if self.job.state == State.DONE:
            return _came_of(self.job)
        who = self.job.ended_by
        why = self.job.problem
        if self.job.state == State.CANCELLED:
            why = (
                _("Cancelled by %(person)s.") % {"person": who.get_full_name() or who}
                if who
                else _("Cancelled.")
            )
        return words.sentences(why, _so_far(self.job))

    @property
    def kind(self) -> str:
        """How the outcome is shown."""
        return {State.DONE: "success", State.CANCELLED: "info"}.get(State(self.job.state), "danger")

    @property
    def failed(self) -> str:
        """How many could not be done; empty where all could."""
        count = self.job.counts.get("failed", 0)
        if not count:
            return ""
        said = ngettext("%(count)s person was left out:", "%(count)s people were left out:", count)
        return said % {"count": words.number(count)}

    @property
    def unnamed(self) -> int:
        """How many of those the list below does not name."""
        return int(self.job.counts.get("failed", 0)) - len(self.job.problems)

    @property
    def links(self) -> list[dict[str, str]]:
        """Where to go on: label, address, icon, kind."""
        return _links(self.job, self.has_the_list)


def shown(job: Job, user: User) -> Shown:
    """A job as somebody sees it."""
    lately = job.created_at > clock.now() - timedelta(seconds=imports.KEPT_SECONDS)
    return Shown(job, job.open and roles.may(user, roles.STAFF), lately and job.asked_by == user)


def line(job: Job | None) -> dict[str, Any]:
    """What other pages show of a job that goes on: it in one line."""
    if job is None:
        return {}
    one = Shown(job, False)
    said = _("%(what)s: %(done)s of %(total)s.")
    counted = {"done": words.number(job.done), "total": words.number(job.total)}
    return {
        "job": job,
        "job_line": words.sentences(said % {"what": one.title, **counted}, one.pace),
    }


def cancelling(job: Job) -> dict[str, Any]:
    """The question before a job is cancelled."""
    said = _words(job)
    return {
        "title": said.ask,
        "warning": _("What is done stays."),
        "consequence": _so_far(job),
        "label": said.no_more,
        "reason": "" if job.open else _("This has ended already."),
    }


def cancelled(job: Job) -> str:
    """The message after it."""
    return str(_words(job).ended)


def _left(left: timedelta) -> str:
    seconds = left.total_seconds()
    if seconds < 10:
        return _("A few seconds left.")
    if seconds < 90:
        # To the next ten: it is an estimate.
        return _("About %(seconds)d seconds left.") % {"seconds": -(-seconds // 10) * 10}
    return _("About %(minutes)d minutes left.") % {"minutes": round(seconds / 60)}


def _came_of(job: Job) -> str:
    if job.what == What.IMPORT:
        return imported(services.result_of(job))
    if job.what == What.JOIN:
        group = services.group_of(job)
        name = group.name if group else job.arguments["name"]
        return joined(name, *services.joined_of(job))
    done = services.done_of(job)
    waiting = Invitation.objects.filter(conference=job.conference_id, state__in=mails.UNSENT)
    if job.conference and waiting.exists():
        return invited(job.conference, done)
    # Long after, nobody "will be notified" any more.
    number = done.number
    return _invited(number) if number else _("Everyone was invited already. Nothing was sent.")


def _so_far(job: Job) -> str:
    """What is done stays, the rest is not done."""
    rest, said = job.total - job.done, _words(job)
    number = job.done - job.counts.get("failed", 0)
    if job.what == What.INVITE:
        done = services.done_of(job)
        number = done.number
    stay = _of(said.stays, number) if number else str(said.nobody)
    if number and job.what == What.JOIN and services.group_of(job) is None:
        stay = ""  # nobody is in a group that was deleted
    return words.sentences(stay, _of(said.others, rest) if rest else "")


def _links(job: Job, has_the_list: bool) -> list[dict[str, str]]:
    if series := job.arguments.get("series"):
        url = reverse("staff:series", args=[series])
        return [{"label": _("To the series"), "url": url, "icon": "calendar", "kind": "primary"}]
    if job.what == What.INVITE and job.conference_id:
        args = [job.conference_id]
        progress = {
            "label": _("See who is invited and registered"),
            "url": reverse("staff:invite-progress", args=args),
            "icon": "eye",
        }
        people = {
            "label": _("To the webinar's people"),
            "url": reverse("staff:conference-people", args=args),
            "icon": "users",
        }
        return [people | {"kind": "primary"}, progress]
    if job.what == What.JOIN:
        return [_to_group(group)] if (group := services.group_of(job)) else []
    people = {"label": _("To all people"), "url": reverse("staff:people"), "icon": "users"}
    if job.state != State.DONE:
        return [people]
    group = services.result_of(job).group
    found = [people]
    if group:
        found = [_to_group(group), people]
    if has_the_list and (job.conference_id or not group):
        url = after_import(None, job.conference_id, job.token)
        invite_them = {"label": _("Invite them"), "url": url, "icon": "user-plus"}
        found = [invite_them | {"kind": "primary"}, *found]
    return found


def _to_group(group: AttendeeGroup) -> dict[str, str]:
    url = reverse("staff:group", args=[group.pk])
    return {"label": _("To the group"), "url": url, "icon": "user-group"}
