"""MyOwnConference; `ROOM` is the door.

The adapter stands above the actions, and the actions use parts of its package: so it is loaded
first, whichever module of the room is asked for.
"""

from integrations.myownconference.adapter import ROOM

__all__ = ["ROOM"]
