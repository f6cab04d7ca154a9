"""How values are written on the wire, where platforms are not consistent with themselves.

A room's `payloads` names the shapes of what is sent and of what its document (or a recorded
answer) shows. An answer is `Annotated[Any, shape]`: the shape describes it, and promises nothing
to whoever reads it; `reading.Row` believes nothing. `tests` compare the shapes with recorded
answers and with the emulators.
"""

Id = int | str
Whole = int | str | None
Flag = bool | int | str | None
Text = str | None
# A moment in time: ISO 8601 or wall time, or UNIX seconds, as the platform has it.
Moment = str | int | None
