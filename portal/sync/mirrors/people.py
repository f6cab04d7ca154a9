"""Our side of people, groups and who is in which."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet

from integrations.base.records import NAMES, Fields, Kind, Record
from portal.common import bulk
from portal.conferences.models import Attendee, AttendeeGroup, Membership, Registration
from portal.conferences.models.folded import key_of
from portal.conferences.models.people import mailbox, search_key, sort_key
from portal.platforms.models import PlatformAccount
from portal.sync.mirrors.base import Made, Mirror
from portal.sync.models import PlatformLink


class AttendeeMirror(Mirror):
    """People stand on an account where they are registered, in a group, or found there.

    One person may stand on several platforms, each of which knows something else of them. Where
    both sides have a value at first sight they agree to differ; an edit on any side then reaches
    all. What one side lacks, it is given by the other; a name is one thing, so that no one is made
    of one side's first and the other's last name.
    """

    kind = Kind.ATTENDEE
    model = Attendee
    compared = ("email", "first_name", "last_name", "phone", "company", "country")
    columns = {name: name for name in compared}
    needed = ("email",)
    ours_if_refused = frozenset(needed)  # mails go where staff have corrected it to
    agrees_to_differ = True

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        links = PlatformLink.objects.filter(account=account, kind=self.kind)
        known = links.exclude(local_id=None).order_by().values_list("local_id")
        registered = Registration.objects.filter(
            conference__account=account, stage=Registration.Stage.REGISTERED
        )
        grouped = Membership.objects.filter(group__account=account, removed_at=None)
        # Each from its own table, and one set of ids: with a join to people, or with "or", a
        # database that has not counted its rows yet reads all people for each webinar.
        named = (one.order_by().values_list("attendee_id") for one in (registered, grouped))
        stands = Q(merged_into=None) | Q(pk__in=known)
        return Attendee.objects.filter(stands, pk__in=known.union(*named))

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Attendee:
        return person_of(record)

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        found, _ = people_of([record for _, record in records])
        older = [person.pk for person in found if not person.new]
        links = PlatformLink.objects.filter(
            account=account, kind=self.kind, local_id__in=bulk.Among(older)
        )
        stands = set(links.values_list("local_id", flat=True)) if older else set()
        rows = Attendee.objects.in_bulk(older) if older else {}
        made: list[Made | None] = []
        for person, (_, record) in zip(found, records, strict=True):
            if person.merged or person.pk in stands:
                made.append(None)
            elif person.new:
                made.append(Made(person.pk, {"email": person.email} | _known_of(record.fields)))
            else:
                made.append(Made(person.pk, self.read(rows[person.pk])))
        return made

    def meaningful(self, fields: Fields) -> dict[str, Any]:
        """A country that is no code of two letters cannot be kept here, and is not cut to one."""
        kept = super().meaningful(fields)
        if len(str(kept.get("country") or "")) > 2:
            del kept["country"]
        return kept

    def first_bases(self, ours: Fields, theirs: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
        both = ours.keys() & theirs.keys()
        kept = _other_name(ours, theirs)
        base_ours = {
            n: ours[n] if n in kept or theirs[n] or not ours[n] else theirs[n] for n in both
        }
        base_theirs = {n: theirs[n] for n in both if n in kept or ours[n] or not theirs[n]}
        return base_ours, base_theirs


def _other_name(ours: Fields, theirs: Fields) -> frozenset[str]:
    """The fields of a name, where both sides have one and they are not the same person's: one that
    is only longer on one side has a part in common and no part that differs."""
    names = frozenset(NAMES[Kind.ATTENDEE]) & ours.keys() & theirs.keys()
    if not (any(ours[n] for n in names) and any(theirs[n] for n in names)):
        return frozenset()
    shared = [n for n in names if ours[n] and theirs[n]]
    same = shared and all(str(ours[n]).casefold() == str(theirs[n]).casefold() for n in shared)
    return frozenset() if same else names


class GroupMirror(Mirror):
    kind = Kind.GROUP
    model = AttendeeGroup
    compared = needed = ("name",)
    asked_when_gone = True

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return AttendeeGroup.with_deleted.filter(account=account)

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        """There are few, and each name is looked for."""
        return [None] * len(records)

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> AttendeeGroup:
        name = self._free_name(str(record.fields["name"]), account)
        return AttendeeGroup.objects.create(
            name=name, account=account, origin=AttendeeGroup.Origin.PLATFORM
        )

    def fill(self, row: AttendeeGroup, values: Mapping[str, Any]) -> None:
        kept = self.meaningful(values)
        free = {n: self._free_name(str(v), row.account, row.pk) for n, v in kept.items()}
        super().fill(row, free)

    def _free_name(self, wanted: str, account: PlatformAccount | None, own: int = 0) -> str:
        """Names are unique here, not on a platform: a second one says where it stands."""
        others = AttendeeGroup.objects.exclude(pk=own)
        tail, number = "", 1
        while others.filter(sort_key=key_of(name := wanted[: 200 - len(tail)] + tail)).exists():
            again = f" {number}" if number > 1 else ""
            tail, number = f" ({account}{again})", number + 1
        return name


class MembershipMirror(Mirror):
    kind = Kind.MEMBERSHIP
    model = Membership
    compared = needed = ("email",)
    columns = {"email": "attendee__email"}
    above = "group_id"

    def rows(self, account: PlatformAccount, parents: Collection[Any]) -> QuerySet[Any]:
        return Membership.objects.filter(group__in=parents).select_related("attendee", "group")

    def row(self, local_id: int) -> Membership | None:
        rows = Membership.objects.select_related("attendee", "group")
        return rows.filter(pk=local_id).first()

    def parent_of(self, row: Membership) -> int:
        return row.group_id

    def read(self, row: Membership) -> dict[str, Any]:
        return {"email": row.attendee.email}

    def write(self, row: Membership, values: Mapping[str, Any]) -> None:
        """A membership is its address: a platform that changes it made another."""

    def make_many(
        self, account: PlatformAccount, records: Sequence[tuple[Any, Record]]
    ) -> list[Made | None]:
        return put_in(Membership, records, "group")

    def make(self, account: PlatformAccount, parent_id: Any, record: Record) -> Membership:
        row, new = Membership.objects.get_or_create(
            group_id=parent_id,
            attendee=person_of(record),
            defaults={"origin": Membership.Origin.PLATFORM},
        )
        if not new and (row.removed_at or row.gone_at):
            row.removed_at = row.gone_at = None
            row.save(update_fields=["removed_at", "gone_at", "updated_at"])
        return row


_DETAILS = ("first_name", "last_name", "phone", "company", "country")
_LONGEST = {
    field.name: field.max_length or 0
    for field in Attendee._meta.local_concrete_fields
    if field.name in _DETAILS
}


def _known_of(fields: Fields) -> dict[str, str]:
    """What a record says of a person, cut to what fits; a country that is no code is left out."""
    known = {name: str(fields.get(name) or "")[:most] for name, most in _LONGEST.items()}
    if len(str(fields.get("country") or "")) > _LONGEST["country"]:
        known["country"] = ""
    return known


class Person(NamedTuple):
    """Who an address belongs to. `merged`: its entry was merged into another, whose key this is."""

    pk: int
    email: str
    new: bool = False
    merged: bool = False


def address_of(record: Record) -> str:
    """The address by which a record's person is known here; empty where it has none."""
    return str(record.fields.get("email") or "").strip().lower()[:254]


def person_of(record: Record) -> Attendee:
    """The attendee with the record's address, made if new. An address is who a person is; one
    whose entry was merged into another is that other person's too."""
    email = address_of(record)
    if not email:
        raise ValueError("a person without an address")
    person, _ = Attendee.objects.select_related("merged_into").get_or_create(
        email=email, defaults=_known_of(record.fields)
    )
    return person.kept


def people_of(
    records: Sequence[Record], beside: type[Model] = Attendee
) -> tuple[list[Person], list[int]]:
    """The same for many records, in a few statements; and as many new keys of a table `beside`,
    which is to refer to them.

    Raises IntegrityError where somebody else has made one of them in this moment.
    """
    addresses = [address_of(record) for record in records]
    wanted = dict(zip(addresses, records, strict=True))
    if "" in wanted:
        raise ValueError("a person without an address")
    rows = Attendee.objects.filter(email__in=bulk.Among(wanted))
    people = {
        email: Person(merged_into or pk, email, merged=merged_into is not None)
        for email, pk, merged_into in rows.values_list("email", "pk", "merged_into_id")
    }
    # In one order everywhere: two workers that make the same people wait for each other, once.
    missing = sorted(wanted.keys() - people.keys())
    others = 0 if beside is Attendee else len(records)
    pks, drawn = bulk.new_ids((Attendee, len(missing)), (beside, others))
    times = Counter(addresses) if beside is Registration else Counter()
    _insert(missing, pks, [_known_of(wanted[email].fields) for email in missing], times)
    made = zip(missing, pks, strict=True)
    people |= {email: Person(pk, email, new=True) for email, pk in made}
    return [people[email] for email in addresses], drawn


def _insert(
    emails: list[str], pks: list[int], details: list[dict[str, str]], times: Counter[str]
) -> None:
    """New people, with what is known of them and how often they are registered."""
    names = [(one["first_name"], one["last_name"]) for one in details]
    bulk.insert(
        Attendee,
        len(emails),
        id=pks,
        email=emails,
        search_key=[
            search_key(email, first, last, one["company"])
            for email, (first, last), one in zip(emails, names, details, strict=True)
        ],
        sort_key=[sort_key(first, last) for first, last in names],
        company_key=[key_of(one["company"]) for one in details],
        mailbox_key=[mailbox(email) for email in emails],
        webinars_counted=[times[email] for email in emails],
        **{name: [one[name] for one in details] for name in _DETAILS},
    )


def put_in(
    model: type[Registration] | type[Membership],
    records: Sequence[tuple[Any, Record]],
    parent: str,
    **columns: Callable[[Record], Any],
) -> list[Made | None]:
    """Rows that say who takes part in what (`parent` names the column), each of `columns` by what
    its record says; None for whoever was merged into another, and may take part as that one."""
    found, drawn = people_of([record for _, record in records], beside=model)
    fresh = [n for n, person in enumerate(found) if not person.merged]
    pks = drawn[: len(fresh)]
    told = {name: [say(records[n][1]) for n in fresh] for name, say in columns.items()}
    bulk.insert(
        model,
        len(fresh),
        id=pks,
        attendee=[found[n].pk for n in fresh],
        origin=bulk.Same(model.Origin.PLATFORM),
        **{parent: [records[n][0] for n in fresh]},
        **told,
    )
    made: list[Made | None] = [None] * len(records)
    for pk, n in zip(pks, fresh, strict=True):
        made[n] = Made(pk, {"email": found[n].email})
    return made


def known(records: Iterable[Record]) -> dict[str, int]:
    """The people that are known here by the addresses of records, by their address."""
    wanted = {address_of(record) for record in records} - {""}
    rows = (
        Attendee.objects.filter(email__in=bulk.Among(wanted)) if wanted else Attendee.objects.none()
    )
    found = rows.values_list("email", "pk", "merged_into_id")
    return {email: merged_into or pk for email, pk, merged_into in found}
