"""Each documented operation of a platform: its method in the client, and where staff reach it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a platform's document.

    `name` is "topic: what it does", `address` the HTTP verb and path (or the command) as the
    document writes them, `method` the client's method. `where` says in a phrase where staff meet
    it; empty where they do not, and then `why_not` says why.
    """

    name: str
    address: str
    method: str
    where: str = ""
    why_not: str = ""

    def __post_init__(self) -> None:
        if bool(self.where) == bool(self.why_not):
            raise ValueError(f"{self.name}: say either where it is reached or why it is not")
