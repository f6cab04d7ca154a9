"""Groups: lists of people who are invited together.

One that is kept on an account too is told there, with its members, through the outbox.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.base.records import Kind
from portal.common import clock
from portal.common.batches import BATCH, slices
from portal.common.errors import NotPossible
from portal.common.reader.characters import tidy
from portal.common.texts import Text, shown
from portal.conferences import history, rules, sentences
from portal.conferences.history import RowChange, record_many
from portal.conferences.models import AttendeeGroup, Membership
from portal.conferences.models.folded import key_of
from portal.conferences.people.services import clauses, people
from portal.conferences.people.services.selection import Selection, by_email, members
from portal.identity import roles
from portal.outbox import services as outbox
from portal.platforms.models import PlatformAccount

GROUP, MEMBERSHIP = Kind.GROUP, Kind.MEMBERSHIP
TAKEN = gettext_lazy("Another group has this name.")


def create(
    name: str, description: str, by: User | None, account: PlatformAccount | None = None
) -> AttendeeGroup:
    """Make an empty group, on an account's platform too where one is given.

    Raises NotPossible where the name is taken or the platform takes no groups, NotAllowed.
    """
    roles.require(by)
    group = AttendeeGroup(name=name, description=description, account=account)
    if account is not None and (reason := reason_against_keeping(account)):
        raise NotPossible(reason, {"account": [reason]})
    with transaction.atomic():
        _save(group)
        after = {"name": name} | ({"account": account.label} if account else {})
        history.record(
            "created", GROUP, group.pk, actor=by, sentence=sentences.CREATED(name=name), after=after
        )
        _tell(group, GROUP, [group.pk], by, "create")
    return group


def standing(pk: int) -> AttendeeGroup:
    """The group, for long work on it. Raises NotPossible where it was deleted."""
    group = AttendeeGroup.objects.filter(pk=pk).first()
    if group is None:
        raise NotPossible(_("The group was deleted meanwhile."))
    return group


def require_list(group: AttendeeGroup) -> None:
    """Raise NotPossible where the group's members are those who fit a rule."""
    if group.rule is not None:
        said = _("Who is in %(group)s follows from its rule. Change the rule, or make a list.")
        raise NotPossible(said % {"group": group.name})


def create_by_rule(
    name: str, description: str, rule: clauses.Rule, by: User | None
) -> AttendeeGroup:
    """Make a group of whoever fits a rule; it stands here alone. Raises NotPossible, NotAllowed."""
    roles.require(by)
    group = AttendeeGroup(name=name, description=description, rule=rule)
    with transaction.atomic():
        _save(group)
        after = {"name": name, "rule": _in_words(rule)}
        history.record(
            "created", GROUP, group.pk, actor=by, sentence=sentences.CREATED(name=name), after=after
        )
    return group


def change_rule(
    group: AttendeeGroup, name: str, description: str, rule: clauses.Rule, by: User | None
) -> AttendeeGroup:
    """Another rule, name or description. Raises NotPossible, NotAllowed."""
    roles.require(by)
    with transaction.atomic():
        row = AttendeeGroup.objects.select_for_update().filter(pk=group.pk).first()
        if row is None or row.rule is None:
            raise NotPossible(_("The group was deleted meanwhile."))
        before = {"name": row.name, "description": row.description, "rule": _in_words(row.rule)}
        after = {"name": name, "description": description, "rule": _in_words(rule)}
        changed = [key for key in after if before[key] != after[key]]
        if row.rule != rule and "rule" not in changed:
            changed.append("rule")  # two webinars of one title read alike
        row.name, row.description, row.rule = name, description, rule
        if changed:
            _save(row)
            history.record(
                "changed",
                GROUP,
                row.pk,
                actor=by,
                sentence=sentences.CHANGED(name=name),
                before={key: before[key] for key in changed},
                after={key: after[key] for key in changed},
            )
    return row


def _in_words(rule: clauses.Rule) -> str:
    """A rule as history keeps it."""
    return f" {rule['join']} ".join(clauses.described(rule))


def by_name(name: str) -> AttendeeGroup | None:
    """The group of this name, whatever its case and however its accents are written."""
    wanted = tidy(name).casefold()
    rows = AttendeeGroup.objects.filter(sort_key=key_of(name))
    return next((row for row in rows if tidy(row.name).casefold() == wanted), None)


def accounts_for_groups() -> list[PlatformAccount]:
    """The accounts on whose platform new groups can be kept."""
    accounts = PlatformAccount.objects.all()
    return [account for account in accounts if not reason_against_keeping(account)]


def reason_against_keeping(account: PlatformAccount) -> str:
    """Why a group cannot stand on an account's platform; empty where it can."""
    if rules.reaches_platform(account, GROUP, "create"):
        return ""
    said = rules.ability(account, GROUP, "create").sentence
    return shown(said) or _("%(platform)s has no groups.") % {"platform": account.platform_name}


def goes_there(group: AttendeeGroup) -> bool:
    """Whether deleting the group deletes it on its account's platform too."""
    if group.account is None or group.gone_at:
        return False
    return rules.reaches_platform(group.account, GROUP, "delete")


def rename(group: AttendeeGroup, name: str, description: str, by: User | None) -> AttendeeGroup:
    """Give another name or description. Raises NotPossible where the name is taken, NotAllowed."""
    roles.require(by)
    before = {"name": group.name, "description": group.description}
    after = {"name": name, "description": description}
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return group
    group.name, group.description = name, description
    with transaction.atomic():
        _save(group)
        history.record(
            "changed",
            GROUP,
            group.pk,
            actor=by,
            sentence=sentences.CHANGED(name=name),
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
        _tell(group, GROUP, [group.pk], by, "update")
    return group


def delete(group: AttendeeGroup, by: User | None) -> None:
    """Forget the group, on its platform too; its people and their registrations stay.

    Where the platform must be told, the row is kept out of sight until it agrees. Raises
    NotAllowed.
    """
    roles.require(by)
    with transaction.atomic():
        # What is written of it in this moment (an invitation of the group) is there, and goes too.
        AttendeeGroup.objects.select_for_update().filter(pk=group.pk).first()
        size = members(group).count()
        history.record(
            "deleted",
            GROUP,
            group.pk,
            actor=by,
            sentence=sentences.DELETED(name=group.name),
            before={"name": group.name, "members": size},
        )
        if goes_there(group):
            group.removed_at = clock.now()
            group.save(update_fields=["removed_at", "updated_at"])
            _tell(group, GROUP, [group.pk], by, "delete")
        else:
            group.delete()


def add(group: AttendeeGroup, audience: Selection, by: User | None) -> tuple[int, int]:
    """Put people in, new ones among them; answers how many joined and how many are new here.

    Raises NotPossible where the group is one by rule, NotAllowed.
    """
    roles.require(by)
    require_list(group)
    with transaction.atomic():
        # A colleague may have added some of them since they were looked up.
        known = by_email(one.email for one in audience.newcomers)
        newcomers = people.add_many(audience.newcomers, by)
        ids = [person.pk for person in (*audience.people, *newcomers)]
        created = {row.pk for row in newcomers} - {row.pk for row in known.values()}
        return put_in(group, ids, by), len(created)


def put_in(group: AttendeeGroup, person_ids: Iterable[int], by: User | None) -> int:
    """Put known people in; answers how many were not in it. Call it within a transaction. Raises
    NotPossible where the group is one by rule."""
    require_list(group)
    ids = list(dict.fromkeys(person_ids))
    inside: dict[int, int] = {}
    back: list[int] = []
    for some in slices(ids):
        for row in group.memberships.filter(attendee_id__in=some).order_by("pk"):
            inside[row.attendee_id] = row.pk
            back += [row.attendee_id] if row.removed_at or row.gone_at else []
    for some in slices(back):
        group.memberships.filter(attendee_id__in=some).update(
            removed_at=None, gone_at=None, updated_at=clock.now()
        )
    fresh = [pk for pk in ids if pk not in inside]
    rows = [Membership(group=group, attendee_id=pk) for pk in fresh]
    made = Membership.objects.bulk_create(rows, batch_size=BATCH)
    told = [row.pk for row in made] + [inside[pk] for pk in back]
    joined = [*fresh, *back]
    _record_members("joined a group", joined, sentences.JOINED_GROUP(group=group.name), by)
    _tell(group, MEMBERSHIP, told, by, "create")
    return len(joined)


def take_out(group: AttendeeGroup, person_ids: Iterable[int], by: User | None) -> int:
    """Take people out; they stay known, and registered where they are. Answers how many left."""
    roles.require(by)
    require_list(group)
    moment = clock.now()
    with transaction.atomic():
        rows = [
            row
            for some in slices(person_ids)
            for row in group.memberships.filter(attendee_id__in=some, removed_at=None)
        ]
        for some in slices(row.pk for row in rows):
            Membership.objects.filter(pk__in=some).update(removed_at=moment, updated_at=moment)
        gone = [row.attendee_id for row in rows]
        _record_members("left a group", gone, sentences.LEFT_GROUP(group=group.name), by)
        _tell(group, MEMBERSHIP, [row.pk for row in rows], by, "delete")
    return len(rows)


def _record_members(action: str, person_ids: list[int], sentence: Text, by: User | None) -> None:
    lines = (RowChange(pk) for pk in person_ids)
    record_many(action, Kind.ATTENDEE, lines, actor=by, sentence=sentence)


def _tell(group: AttendeeGroup, kind: Kind, ids: list[int], by: User | None, verb: str) -> None:
    """Leave notes for the account that the group stands on."""
    if ids and group.account is not None and rules.reaches_platform(group.account, kind, verb):
        outbox.add_many(group.account, kind, ids, by=by)


def _save(group: AttendeeGroup) -> None:
    # The database's own rule knows the case of ASCII alone.
    other = by_name(group.name)
    if other and other.pk != group.pk:
        raise NotPossible(TAKEN, {"name": [TAKEN]})
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise NotPossible(TAKEN, {"name": [TAKEN]}) from None
