"""The few promises between the server and the sandbox of one platform."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from werkzeug.wrappers import Response

from integrations.sandbox.call import Call
from integrations.sandbox.forms import Pairs
from integrations.sandbox.journal import hide_secret_fields
from integrations.sandbox.store import Store


class Surroundings(Protocol):
    """What an emulated platform sees of the process that it runs in (see `world.World`)."""

    @property
    def now(self) -> Callable[[], datetime]: ...

    @property
    def lock(self) -> AbstractContextManager[Any]: ...

    @property
    def site(self) -> str: ...

    def touch(self) -> None:
        """Say that there is something new to save."""

    def url(self, path: str) -> str:
        """An address on this sandbox."""


class EditRefused(ValueError):
    """An edit from the platform's side cannot be made; the text is a sentence for a person."""


class Account:
    """One account of a platform: its name here, its made-up credentials, its state.

    Platforms subclass it with what can be done "from the platform's side" (rename, delete, run).
    """

    # Where ids of each table begin, so that they look like the platform's own.
    first_ids: ClassVar[dict[str, int]] = {}

    def __init__(self, world: Surroundings, label: str, credentials: dict[str, str]) -> None:
        self.world = world
        self.label = label
        self.credentials = credentials
        self.store = Store(world.touch, self.first_ids)


@dataclass(frozen=True)
class EditField:
    name: str
    label: str
    value: str = ""
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Edit:
    """One edit that the control page offers beside a thing, and what makes it happen.

    `apply(account, thing_id, values)` raises EditRefused where it cannot. An edit that is not
    `shown` is offered over HTTP alone.
    """

    name: str
    label: str
    apply: Callable[[Any, int, dict[str, Any]], object]
    fields: tuple[EditField, ...] = ()
    shown: bool = True


@dataclass(frozen=True)
class Thing:
    """One line on the control page: a room, a webinar, a conference."""

    id: int
    title: str
    when: str
    state: str
    facts: str
    url: str
    defaults: dict[str, str] = field(default_factory=dict)


class PlatformSandbox:
    """What the server needs to know of a platform. See the package's docstring for the rules."""

    slug: ClassVar[str]
    title: ClassVar[str]
    # The API's path below the mount, as it is part of the base URL that a client is given.
    api_path: ClassVar[str] = ""
    # label -> credentials of the accounts that exist from the start
    demo_accounts: ClassVar[dict[str, dict[str, str]]] = {}
    # label -> options with which an administrator would best connect it
    demo_options: ClassVar[dict[str, dict[str, str]]] = {}
    # requests a minute, where the prudence that the platform calls for would only make a demo wait
    demo_pace: ClassVar[int | None] = None
    account_class: ClassVar[type[Account]] = Account
    edits: ClassVar[tuple[Edit, ...]] = ()

    def __init__(self, world: Surroundings) -> None:
        self.world = world
        self.accounts: dict[str, Any] = {}
        for label, credentials in self.demo_accounts.items():
            self.add_account(label, **credentials)

    def add_account(self, label: str, **credentials: str) -> Any:
        account = self.account_class(self.world, label, credentials)
        self.accounts[label] = account
        self.world.touch()
        return account

    def account_of(self, call: Call) -> Any:
        """The account whose credentials the call carries, or None."""
        raise NotImplementedError

    def path_of(self, call: Call) -> str:
        """The path under which faults and the journal know a call: the one it was sent to,
        unless all of a platform's operations share one."""
        return call.path

    def handle(self, call: Call) -> Response:
        """Answer a call, authorisation and stand-in pages included. Runs under the world's lock."""
        raise NotImplementedError

    def error(self, status: int, message: str) -> Response:
        """An error in the platform's own shape."""
        raise NotImplementedError

    def empty_lists(self, answer: Any) -> Any:
        """The answer as it would be if the account were empty, for the `empty_list` fault."""
        if isinstance(answer, list):
            return []
        if isinstance(answer, dict):
            return {key: [] if isinstance(value, list) else value for key, value in answer.items()}
        return answer

    def for_journal(self, fields: Pairs) -> Pairs:
        """Fields without secrets."""
        return hide_secret_fields(fields)

    def seed(self) -> None:
        """Fill the demo accounts with the seed world."""

    def things(self, account: Any) -> list[Thing]:
        """What the control page lists for an account."""
        return []


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(value, ensure_ascii=False)
    return Response(text, status=status, headers=headers, mimetype="application/json")
