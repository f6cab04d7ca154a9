"""The profile, and the moderators of the account."""

from collections.abc import Sequence
from typing import Annotated, Any

from integrations.myownconference.client.caller import (
    CHANGE,
    CREATE,
    NOTIFY,
    READ,
    Addresses,
    Caller,
)
from integrations.myownconference.payloads import (
    Moderator,
    ModeratorChange,
    ModeratorQuery,
    PersonalWebinar,
    Profile,
    ProfileChange,
    Success,
)


class AccountCommands(Caller):
    """[User profile; Webinar moderators]"""

    def profile_get(self, fields: Sequence[str] = ()) -> Annotated[Any, Profile]:
        """All of the profile, or the named parameters."""
        return self._command(READ, "profileGet", fields)

    def profile_set(self, values: ProfileChange) -> Annotated[Any, Success]:
        """Change the given parameters of the profile."""
        return self._command(CHANGE, "profileSet", values)

    def moderators_create(self, name: str, email: str) -> Annotated[Any, Success]:
        """Add a moderator to the account; not yet to any webinar."""
        return self._command(CREATE, "moderatorsCreate", {"name": name, "email": email})

    def moderators_delete(self, emails: Addresses) -> Annotated[Any, Success]:
        """Remove moderators from the account."""
        return self._command(CHANGE, "moderatorsDelete", list(emails))

    def moderators_set(self, email: str, changes: ModeratorChange) -> Annotated[Any, Success]:
        """Change `newEmail`, `newName` or `avatar` (an image in Base64) of a moderator."""
        return self._command(CHANGE, "moderatorsSet", {"email": email, **changes})

    def moderators_list(self, params: ModeratorQuery) -> Annotated[Any, list[Moderator]]:
        """Moderators by `fields` (empty: all), `alias` and `search`."""
        return self._command(READ, "moderatorsList", params)

    def moderators_add_to_webinar(
        self, alias: str, emails: Addresses, send_invite: str
    ) -> Annotated[Any, Success]:
        """Attach moderators; `send_invite` YES writes to them at once, NO by the schedule."""
        told = {"alias": alias, "email": list(emails), "sendInvite": send_invite}
        return self._command(NOTIFY, "moderatorsAddToWebinar", told)

    def moderators_remove_from_webinar(
        self, alias: str, emails: Addresses
    ) -> Annotated[Any, Success]:
        """Detach moderators from a webinar."""
        return self._on_webinar(CHANGE, "moderatorsRemoveFromWebinar", alias, email=list(emails))

    def moderators_rooms(self, email: str) -> Annotated[Any, list[PersonalWebinar]]:
        """The webinars of a moderator, each with their personal link."""
        return self._command(READ, "moderatorsRooms", {"email": email})
