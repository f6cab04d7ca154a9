"""What staff do here, and what other people do on the platforms.

Every edit writes a value that occurs nowhere else, so that a lost one can be told from the end
state alone.
"""

import itertools
from contextlib import suppress
from datetime import timedelta

from integrations.base.answers import packed
from integrations.base.records import Kind
from portal.common import clock
from portal.common.errors import NotPossible
from portal.conferences.audience.services import answers, moderators
from portal.conferences.models import Attendee, AttendeeGroup, Conference, Moderator, Registration
from portal.conferences.people.services import groups, people
from portal.outbox import services as outbox
from portal.sync.models import PlatformLink
from tests.property.modelroom.world import normal

# What is edited, and the field that names a thing in a test's own words.
EDITED = {
    Kind.CONFERENCE: ("title", "description", "duration_minutes"),
    Kind.ATTENDEE: ("first_name", "last_name"),
    Kind.GROUP: ("name",),
    Kind.MODERATOR: ("name",),
}
FIELDS = EDITED[Kind.CONFERENCE]


class OurSide:
    """Staff. Where a service is more than a row and a note, it is the service that is asked."""

    def __init__(self):
        self.unique = itertools.count(1)
        self.our_edits = {}  # (kind, row, field) -> the last value that a person typed here
        self.unmet = set()  # moderators who were named here before their record was met
        self.removals = set()  # (kind, row) of what a person wants gone
        self.together = {}  # (person, field) -> accounts that knew the person at the last edit

    def value(self, name):
        number = next(self.unique)
        if name == "duration_minutes":
            return 100 + number
        # Awkward on purpose: the platforms trim, re-case and cut.
        return f"  {name}  {number} and more words than it keeps, surely"

    def email(self):
        return f"person{next(self.unique)}@example.com"

    # conferences and who comes ------------------------------------------------------------------

    def schedule(self):
        number = next(self.unique)
        start = (clock.now() + timedelta(days=number)).replace(microsecond=0)
        row = Conference.objects.create(
            account=self.account, title=f"Ours {number}", starts_at=start, duration_minutes=60
        )
        outbox.add(self.account, "conference", row.pk)
        return row

    def edit_here(self, pk, name):
        row = Conference.objects.get(pk=pk)
        value = self.value(name)
        setattr(row, name, value)
        row.save()
        outbox.add(self.account, "conference", pk)
        self.our_edits[Kind.CONFERENCE, pk, name] = value

    def cancel_here(self, pk):
        Conference.objects.filter(pk=pk).update(removed_at=clock.now())
        outbox.add(self.account, "conference", pk)
        self.removals.add((Kind.CONFERENCE, pk))

    def invite_here(self, pk, email=None, *, answers=False):
        """Perhaps with an answer to what our page asks."""
        person = self._person(email or self.email())
        given = {"answers_there": self._answered()["answers"]} if answers else {}
        row, made = Registration.objects.get_or_create(
            conference_id=pk, attendee=person, defaults=given
        )
        if made:
            outbox.add(self.account, "registration", row.pk)
        return row

    def ask_here(self, pk, email=None):
        """Invite somebody who registers by their answer alone."""
        person = self._person(email or self.email())
        given = {"stage": Registration.Stage.INVITED, "invited_at": clock.now()}
        return Registration.objects.get_or_create(
            conference_id=pk, attendee=person, defaults=given
        )[0]

    def asked(self):
        """Those who can answer."""
        rows = Registration.objects.exclude(stage=Registration.Stage.REGISTERED)
        rows = rows.filter(conference__in=[row.pk for row in self.standing(Kind.CONFERENCE)])
        return rows.order_by("pk")

    def answer_here(self, pk, said):
        with suppress(NotPossible):
            answers.answer(Registration.objects.get(pk=pk).token, said)

    def _person(self, email):
        names = {name: f"{name} {next(self.unique)}" for name in EDITED[Kind.ATTENDEE]}
        return Attendee.objects.get_or_create(email=email, defaults=names)[0]

    def withdraw_here(self, pk):
        Registration.objects.filter(pk=pk).update(removed_at=clock.now())
        outbox.add(self.account, "registration", pk)
        self.removals.add((Kind.REGISTRATION, pk))

    def assign_here(self, pk, email=None):
        """A moderator; one who is assigned already is left as they are."""
        email = email or self.email()
        row = Conference.objects.get(pk=pk)
        there = row.moderators.filter(email=email, removed_at=None).first()
        if there:
            return there
        made = moderators.assign(row, email=email, name=f"M {email}", role="presenter", by=None)
        self.removals.discard((Kind.MODERATOR, made.pk))
        return made

    def rename_moderator(self, pk):
        row, value = Moderator.objects.get(pk=pk), self.value("name")
        moderators.change(row, name=value, role=row.role, by=None)
        self.our_edits[Kind.MODERATOR, pk, "name"] = " ".join(value.split())
        # Who was assigned on both sides, and is met later, may have a name on each.
        met = PlatformLink.objects.filter(kind=Kind.MODERATOR, local_id=pk).exists()
        (self.unmet.discard if met else self.unmet.add)(pk)

    def unassign_here(self, pk):
        moderators.unassign(Moderator.objects.get(pk=pk), None)
        self.removals.add((Kind.MODERATOR, pk))

    # people and groups --------------------------------------------------------------------------

    def found_group(self, name=None):
        return groups.create(name or f"Group {next(self.unique)}", "", None, self.account)

    def rename_group(self, pk):
        row, value = AttendeeGroup.objects.get(pk=pk), self.value("name")
        groups.rename(row, value, "", None)
        self.our_edits[Kind.GROUP, pk, "name"] = value

    def delete_group(self, pk):
        groups.delete(AttendeeGroup.objects.get(pk=pk), None)
        self.removals.add((Kind.GROUP, pk))

    def join_here(self, pk, email=None):
        """Put somebody into a group, perhaps somebody who has left it."""
        person, _ = Attendee.objects.get_or_create(email=email or self.email())
        group = AttendeeGroup.objects.get(pk=pk)
        groups.put_in(group, [person.pk], None)
        row = group.memberships.get(attendee=person)
        self.removals.discard((Kind.MEMBERSHIP, row.pk))
        return row

    def leave_here(self, membership):
        groups.take_out(membership.group, [membership.attendee_id], None)
        self.removals.add((Kind.MEMBERSHIP, membership.pk))

    def edit_person(self, pk, name):
        value = self.value(name)
        people.update(Attendee.objects.get(pk=pk), {name: value}, None)
        self.our_edits[Kind.ATTENDEE, pk, name] = value
        self._edited_together(pk, name)

    def _edited_together(self, pk, name):
        links = PlatformLink.objects.filter(kind=Kind.ATTENDEE, local_id=pk, state="live")
        known = links.exclude(external_id=None).values_list("account_id", flat=True)
        self.together[pk, name] = set(known) | self.carried(pk)

    def carried(self, pk):
        """Accounts to which a registration of ours has brought a person whom no list has shown."""
        rows = Registration.objects.filter(attendee=pk, removed_at=None).values("pk")
        links = PlatformLink.objects.filter(kind=Kind.REGISTRATION, local_id__in=rows, op="")
        met = PlatformLink.objects.filter(kind=Kind.ATTENDEE, local_id=pk).exclude(external_id=None)
        brought = {link.account_id for link in links if "first_name" in link.base_ours}
        return brought - set(met.values_list("account_id", flat=True))

    def rows(self):
        return self.standing(Kind.CONFERENCE)


class TheirSide:
    """Other people, in the platforms' own panels. `world` is the platform meant."""

    def __init__(self):
        self.their_edits = {}  # (object, field) -> the last value that was set there

    def add_there(self, world=None):
        number = next(self.unique)
        start = (clock.now() + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = {"title": f"Theirs {number}", "description": "", "starts_at": start}
        return (world or self.world).add(Kind.CONFERENCE, fields | {"duration_minutes": 45})

    def edit_there(self, item_id, name):
        world = next(w for w in self.worlds if item_id in w.items)
        item = world.items[item_id]
        kind, value = item.kind, self.value(name)
        known = PlatformLink.objects.filter(external_id=item_id).exists()
        if item.made_by_us and not (item.marker or known) and not self._told_by(item, name):
            return  # made by us, unseen so far, and now quite another: nobody could tell it
        world.edit(item_id, {name: value})
        self.their_edits[item_id, name] = normal(kind, {name: value})[name]
        if kind is Kind.ATTENDEE:
            link = PlatformLink.objects.filter(kind=kind, external_id=item_id, state="live").first()
            if link and link.local_id:
                self._edited_together(link.local_id, name)
            elif link is None:
                email = item.fields["email"]
                person = Attendee.objects.filter(email=email).first() if email else None
                if person is not None and self.carried(person.pk):
                    self._edited_together(person.pk, name)

    def move_there(self, item_id):
        item = self.world.items[item_id]
        known = PlatformLink.objects.filter(external_id=item_id).exists()
        if item.made_by_us and not (item.marker or known) and not self._told_by(item, "starts_at"):
            return
        start = clock.now() + timedelta(days=400 + next(self.unique))
        self.world.edit(item_id, {"starts_at": start.strftime("%Y-%m-%dT%H:%M:%SZ")})

    @staticmethod
    def _told_by(item, name):
        """Whether an unseen record of ours still has something to be told by, once `name` is
        changed: a group is told by its name, a webinar by title, start or duration."""
        if item.kind is Kind.GROUP:
            return name != "name"
        names = {"title", "starts_at", "duration_minutes"} - {name}
        return any(len(set(item.shown.get(one, ()))) < 2 for one in names)

    def remove_there(self, item_id):
        world = next(w for w in self.worlds if item_id in w.items)
        gone = world.remove(item_id)
        if gone.made_by_us and not PlatformLink.objects.filter(external_id=item_id).exists():
            # Nobody here can know that it was made: it is right to make it again.
            world.creates.remove(gone.made_by_us)

    def register_there(self, room_id, email=None, *, answers=False):
        """Perhaps with an answer to what their form asks."""
        fields = {"email": email or self.email()} | (self._answered() if answers else {})
        return self.world.add(Kind.REGISTRATION, fields, room_id)

    def answer_there(self, item_id):
        """Somebody's answer is changed in their panel."""
        changes = self._answered()
        self.world.edit(item_id, changes)
        self.their_edits[item_id, "answers"] = changes["answers"]

    def _answered(self):
        return {"answers": packed({"Company": f"Company {next(self.unique)}"})}

    def assign_there(self, room_id, email=None):
        """A moderator; an empty address is one of somebody who gave none."""
        email = self.email() if email is None else email
        fields = {"email": email or None, "name": f"There {email}", "role": "host"}
        if not self._there(self.world, Kind.MODERATOR, email, room_id):
            self.world.add(Kind.MODERATOR, fields, room_id)

    def add_person_there(self, email=None, world=None):
        email = self.email() if email is None else email
        names = {"first_name": f"Given {email}", "last_name": ""}
        if not self._there(world or self.world, Kind.ATTENDEE, email):
            (world or self.world).add(Kind.ATTENDEE, {"email": email or None} | names)

    def found_group_there(self, name=None, world=None):
        name = name or f"Theirs {next(self.unique)}"
        return (world or self.world).add(Kind.GROUP, {"name": name})

    def join_there(self, group_id, email=None):
        world = next(w for w in self.worlds if group_id in w.items)
        return world.add(Kind.MEMBERSHIP, {"email": email or self.email()}, group_id)

    def run_there(self, room_id):
        """A conference takes place: a session and a recording are left behind."""
        start = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        visitors = {"visitors": next(self.unique), "peak": 1}
        times = {"starts_at": start, "ends_at": start}
        self.world.add(Kind.SESSION, times | visitors, room_id)
        sizes = {"duration_seconds": 60, "size_bytes": next(self.unique)}
        self.world.add(Kind.RECORDING, {"started_at": start} | sizes, room_id)

    @staticmethod
    def _there(world, kind, email, parent=None):
        return email and any(item.fields["email"] == email for item in world.of(kind, parent))
