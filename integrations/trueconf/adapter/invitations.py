"""Who belongs to a conference: registrations (invitations) and the one moderator (its owner).

The account's own owner, who holds what the portal makes until somebody takes over, is neither
registered nor a moderator.
"""

from collections.abc import Iterator
from functools import partial

from integrations.base.errors import RecordNotFound, refused
from integrations.base.kinds import KindAdapter
from integrations.base.reading import Row
from integrations.base.records import Draft, Page, Record
from integrations.base.texts import _, say, together
from integrations.base.undecoded import page_of
from integrations.trueconf.adapter.context import Context
from integrations.trueconf.client.http import UserNotFound
from integrations.trueconf.client.paging import INVITATIONS, pages
from integrations.trueconf.mapping import people
from integrations.trueconf.mapping.answers import confirm_deletion, ident
from integrations.trueconf.mapping.conference import conference_in
from integrations.trueconf.mapping.ids import login_of, same_user, split
from integrations.trueconf.payloads import PLATFORM

# Of an invitation [Objects, Invitation].
LONGEST_ID = 64
PAGE = _("Nobody is told there; send the webinar's address by the portal's own mail.")


class Registrations(KindAdapter):
    """Invitations of users to a conference."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """Everybody who is invited, in one answer."""
        (their_id,) = split(parent_id, 1)
        for found, _total in pages(partial(self.client.get_invitation_list, their_id), INVITATIONS):
            real = [row for row in found if not self.context.is_own(row)]
            yield page_of(real, partial(people.decode_invitation, conference=their_id))

    def get(self, external_id: str) -> Record:
        """One invitation."""
        their_id, user = split(external_id, 2)
        row = self.context.invitation(self.client.get_invitation(their_id, user), user)
        return people.decode_invitation(row, their_id)

    def create(self, draft: Draft) -> Record:
        """Invite the user with the person's address; who is none is invited as a guest by it.

        TrueConf tells guests nothing, so one who could not enter is refused.
        """
        (their_id,) = split(draft.parent_id or "", 1)
        email = str(draft.fields.get("email") or "").strip().lower()
        found = self.context.user_with(email)
        try:
            if found is not None or self.context.makes_users:
                user = found if found is not None else self.context.make_user(draft.fields)
                row = self.context.invite(their_id, ident(user))
            else:
                row = self._invite_guest(their_id, email, people.display_name(draft.fields))
        except UserNotFound as error:
            raise refused(PLATFORM, "email", error.message) from None
        return people.decode_invitation(row, their_id)

    def delete(self, external_id: str) -> None:
        """Withdraw an invitation; the owner's must stay."""
        their_id, user = split(external_id, 2)
        row = self.context.invitation(self.client.get_invitation(their_id, user), user)
        if row.flag("is_owner"):
            raise refused(
                PLATFORM,
                "email",
                _(
                    "This is the webinar's owner, who must be invited: take the moderator off "
                    "first."
                ),
            )
        confirm_deletion(self.client.delete_invitation(their_id, user), "invitation")

    def _invite_guest(self, their_id: str, email: str, name: str) -> Row:
        if not email or len(email) > LONGEST_ID:
            raise refused(
                PLATFORM,
                "email",
                say("A guest's address has up to %(most)d characters.", most=LONGEST_ID),
            )
        if not self.context.lets_guests_in(their_id):
            raise refused(
                PLATFORM,
                "email",
                say(
                    "Nobody on %(platform)s has this address, and guests cannot enter this "
                    "meeting. Make it a webinar that guests may join, or make the person a user "
                    "of the server.",
                    platform=PLATFORM,
                ),
            )
        try:
            return self.context.invite(their_id, email, name)
        except UserNotFound as error:
            said = say(
                "%(platform)s takes no guests by their address: %(why)s",
                platform=PLATFORM,
                why=error.message,
            )
            raise refused(PLATFORM, "email", together(said, PAGE)) from None


class Moderators(KindAdapter):
    """The owner of a conference, where that is not the account's own."""

    def __init__(self, context: Context) -> None:
        self.context, self.client = context, context.client

    def listing(self, parent_id: str) -> Iterator[Page]:
        """One row or none: a call for the owner, another for who that is."""
        (their_id,) = split(parent_id, 1)
        row = self.context.conference(their_id)
        owner = login_of(row.text("owner") or "")
        if not owner or same_user(owner, self.context.owner):
            yield Page(())
            return
        yield Page((self._read(their_id, owner),))

    def get(self, external_id: str) -> Record:
        """The owner, if it still is."""
        their_id, user = split(external_id, 2)
        self._require_owner(their_id, user)
        return self._read(their_id, user)

    def create(self, draft: Draft) -> Record:
        """Hand the conference over: invited first, since an owner must be, then named owner."""
        (their_id,) = split(draft.parent_id or "", 1)
        row = self.context.conference(their_id)
        if row.text("state") == "running":
            raise refused(
                PLATFORM, "email", _("The webinar is running: its owner can be changed afterwards.")
            )
        user = self.context.login_for(draft.fields)
        invitation = self._hand_over(their_id, user, people.given_name(draft.fields))
        return people.decode_owner(invitation, their_id, self.context.page(their_id))

    def delete(self, external_id: str) -> None:
        """Give the conference back to the account's own owner; the person stays invited."""
        their_id, user = split(external_id, 2)
        self._require_owner(their_id, user)
        self._hand_over(their_id, self.context.owner)

    def _hand_over(self, their_id: str, user: str, name: str = "") -> Row:
        try:
            invitation = self.context.invite(their_id, user, name)
            answer = self.client.edit_conference(their_id, {"owner": user})
        except UserNotFound as error:
            raise refused(PLATFORM, "email", error.message) from None
        row = conference_in(answer)
        if not same_user(row.needed_text("owner"), user):
            raise row.broken("owner")
        return invitation

    def _require_owner(self, their_id: str, user: str) -> None:
        """Raise RecordNotFound where the person does not own it (any more)."""
        if self.context.reaches("v3.1"):
            row = Row(self.client.get_conference_owner(their_id), "owner", PLATFORM)
        else:
            row = self.context.conference(their_id)
        owner = row.needed_text("owner")
        if not same_user(owner, user) or same_user(owner, self.context.owner):
            raise RecordNotFound(
                say("%(platform)s names another owner.", platform=PLATFORM), platform=PLATFORM
            )

    def _read(self, their_id: str, owner: str) -> Record:
        """Who the owner is; of one who was deleted on the server the login alone is left."""
        try:
            row = self.context.invitation(self.client.get_invitation(their_id, owner), owner)
        except RecordNotFound:
            row = Row({"id": owner}, "invitation", PLATFORM)
        return people.decode_owner(row, their_id, self.context.page(their_id))
