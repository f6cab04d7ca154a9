"""TrueConf Server; `ROOM` is the door.

The adapter stands above the actions, and the actions use parts of its package: so it is loaded
first, whichever module of the room is asked for.
"""

from integrations.trueconf.adapter import ROOM

__all__ = ["ROOM"]
