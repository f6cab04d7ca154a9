"""The one-shot things that MyOwnConference does, by the names of the capabilities.

Each takes the context, the external id of what it is done to (empty for the account) and the
arguments; it answers JSON to keep, or to show where it reads.
"""

from integrations.myownconference.actions import content, letters, live, people
from integrations.myownconference.actions.arguments import Action

ACTIONS: dict[str, Action] = {
    **live.ACTIONS,
    **content.ACTIONS,
    **letters.ACTIONS,
    **people.ACTIONS,
}

DOWNLOADS = content.DOWNLOADS
