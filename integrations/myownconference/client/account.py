"""The profile, and the moderators of the account."""

from typing import Any

from integrations.myownconference.client.caller import (
    CHANGE,
    CREATE,
    NOTIFY,
    READ,
    Addresses,
    Caller,
    Params,
)


class AccountCommands(Caller):
    """[User profile; Webinar moderators]"""

    def profile_get(self, fields: Addresses = ()) -> Any:
        """All of the profile, or the named parameters."""
        return self._ask(READ, "profileGet", fields)

    def profile_set(self, values: Params) -> Any:
        """Change the given parameters of the profile."""
        return self._ask(CHANGE, "profileSet", values)

    def moderators_create(self, name: str, email: str) -> Any:
        """Add a moderator to the account; not yet to any webinar."""
        return self._ask(CREATE, "moderatorsCreate", {"name": name, "email": email})

    def moderators_delete(self, emails: Addresses) -> Any:
        """Remove moderators from the account."""
        return self._ask(CHANGE, "moderatorsDelete", list(emails))

    def moderators_set(self, email: str, changes: Params) -> Any:
        """Change `newEmail`, `newName` or `avatar` (an image in Base64) of a moderator."""
        return self._ask(CHANGE, "moderatorsSet", {"email": email, **changes})

    def moderators_list(self, params: Params) -> Any:
        """Moderators by `fields` (empty: all), `alias` and `search`."""
        return self._ask(READ, "moderatorsList", params)

    def moderators_add_to_webinar(self, alias: str, emails: Addresses, send_invite: str) -> Any:
        """Attach moderators; `send_invite` YES writes to them at once, NO by the schedule."""
        told = {"alias": alias, "email": list(emails), "sendInvite": send_invite}
        return self._ask(NOTIFY, "moderatorsAddToWebinar", told)

    def moderators_remove_from_webinar(self, alias: str, emails: Addresses) -> Any:
        """Detach moderators from a webinar."""
        return self._room(CHANGE, "moderatorsRemoveFromWebinar", alias, email=list(emails))

    def moderators_rooms(self, email: str) -> Any:
        """The webinars of a moderator, each with their personal link."""
        return self._ask(READ, "moderatorsRooms", {"email": email})
