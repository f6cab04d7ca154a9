"""The one face that every platform shows to the portal."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from integrations.base.capabilities import Capabilities
from integrations.base.credentials import CredentialField
from integrations.base.errors import RateLimited, UnsupportedByPlatform
from integrations.base.evidence import reported
from integrations.base.records import NAMES, Draft, Fields, Kind, Page, Record
from integrations.base.tokens import MemoryTokens, TokenStore


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach one account. `gate` is called before each request: it takes the request from
    the account's budget, and raises `RateLimited` where there is none left. `limited` is called
    with each 429, whatever becomes of the error after that. `label` is what people know the
    account by. `learned` is what the last `check` found out about the account; `tokens` are kept
    between connections. `proxy` is the address of the one on the way, empty where there is none;
    it may hold a password."""

    base_url: str
    credentials: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    ca_bundle: str = ""
    proxy: str = field(default="", repr=False)
    gate: Callable[[], object] = lambda: None
    limited: Callable[[RateLimited], None] = lambda error: None
    label: str = ""
    learned: Mapping[str, Any] = field(default_factory=dict)
    tokens: TokenStore = field(default_factory=MemoryTokens, repr=False)

    def http_options(self) -> dict[str, Any]:
        """What every `Http` of this account is made with, beside its address and its headers."""
        return {
            "ca_bundle": self.ca_bundle,
            "proxy": self.proxy,
            "gate": self.gate,
            "limited": self.limited,
            "account": self.label,
        }


@dataclass(frozen=True, slots=True)
class AccountCheck:
    """What a test of the connection found. `identity` is empty where the platform names no owner;
    where it does, it must not change while an account stays connected. `learned` is kept, and
    given to later connections: a version, the zone of a profile."""

    identity: str
    sentence: str
    learned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way; `chunks` must be read to the end or closed."""

    name: str
    content_type: str
    chunks: Iterator[bytes]


class Authorization(ABC):
    """Consent by a person in the browser (OAuth 2, authorization code)."""

    @abstractmethod
    def wanted(self, connection: Connection) -> bool:
        """Whether this account logs in by consent at all."""

    @abstractmethod
    def address(self, connection: Connection, redirect_uri: str, state: str) -> str:
        """Where to send the administrator's browser."""

    @abstractmethod
    def accept(self, connection: Connection, code: str, redirect_uri: str) -> None:
        """Trade the code for tokens and write them into `connection.tokens`."""


VERBS = {"check", "list_all", "get", "create", "update", "delete", "perform", "download"}


def _reporting(verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def call(*args: Any, **named: Any) -> Any:
        with reported():
            answer = verb(*args, **named)
        return _each(answer) if isinstance(answer, Iterator) else answer

    return call


def _each(pages: Iterator[Page]) -> Iterator[Page]:
    with reported():
        yield from pages


class Adapter(ABC):
    """Our verbs over one platform's client.

    Every method may raise the errors of `integrations.base.errors`; a kind or verb that the
    capabilities do not offer raises `UnsupportedByPlatform`.
    """

    # The room's literal; an account whose options take something away narrows its own copy.
    capabilities: Capabilities

    def __init_subclass__(cls) -> None:
        """An answer that a verb of a room cannot believe is logged, with what it looked like."""
        super().__init_subclass__()
        for name in VERBS & cls.__dict__.keys():
            setattr(cls, name, _reporting(cls.__dict__[name]))

    @abstractmethod
    def check(self) -> AccountCheck:
        """Ask the cheapest question that proves the credentials."""

    def list_all(self, kind: Kind, parent_id: str | None = None) -> Iterator[Page]:
        """List every record of a kind (within a parent), page by page, changing nothing.

        The lists of several parents may be read at the same time, each by a thread of its own,
        beside a `get`; whatever changes something is done alone. What is remembered for other
        lists needs no more care than that: the first list of a kind is read alone.
        """
        raise self.unsupported(kind, "list")

    def get(self, kind: Kind, external_id: str, parent_id: str | None = None) -> Record:
        """Read one record; raises `RecordNotFound`."""
        raise self.unsupported(kind, "get")

    def create(self, draft: Draft) -> Record:
        """Make a record; its `external_id` is None where the platform does not name it."""
        raise self.unsupported(draft.kind, "create")

    def update(self, shown: Record, changes: Fields) -> Record | None:
        """Send the changed fields only; answers the record as now shown, if the platform does."""
        raise self.unsupported(shown.kind, "update")

    def delete(self, kind: Kind, external_id: str, parent_id: str | None = None) -> None:
        """Remove a record; raises `RecordNotFound` where it is gone already."""
        raise self.unsupported(kind, "delete")

    def perform(
        self, action: str, external_id: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Do a one-shot action of `capabilities.actions`; answers JSON to keep with the entry."""
        raise UnsupportedByPlatform(
            self.capabilities.action(action).sentence,
            platform=self.capabilities.slug,
            operation=action,
        )

    def download(self, action: str, external_id: str, arguments: Mapping[str, Any]) -> Download:
        """Fetch the file of an action that `capabilities` calls a download."""
        raise UnsupportedByPlatform(
            self.capabilities.action(action).sentence,
            platform=self.capabilities.slug,
            operation=action,
        )

    def expected(self, kind: Kind, fields: Fields) -> Fields:
        """What the platform will show after being given these fields: its normalisation.

        Whatever is put in, cut, left out or re-cased for the platform's sake belongs here. It is
        compared as agreed, and so never comes back as the truth.
        """
        return fields

    def placeholders(self, kind: Kind, fields: Fields) -> frozenset[str]:
        """Names of the fields that say nothing: what the platform shows of somebody without it.

        That is a name without a letter or a digit ("-"), and what `expected` puts in for one that
        is missing (the part of an address before the @).
        """
        names = [n for n in NAMES.get(kind, ()) if fields.get(n)]
        signs = {n for n in names if not any(sign.isalnum() for sign in str(fields[n]))}
        words = [n for n in names if n not in signs]
        # What a platform puts in for one name it puts in where all are missing too: most people's
        # names are none of that, and nothing else needs to be tried.
        nameless = self.expected(kind, {**fields, **dict.fromkeys(names, "")})
        if not any(_same_word(nameless.get(name), fields[name]) for name in words):
            return frozenset(signs)
        for missing in (words, *([name] for name in reversed(words))):
            without = {**fields, **dict.fromkeys([*signs, *missing], "")}
            shown = self.expected(kind, without)
            if missing and all(_same_word(shown.get(name), fields[name]) for name in words):
                return frozenset([*signs, *missing])
        return frozenset(signs)

    @abstractmethod
    def close(self) -> None:
        """Close the connections."""

    def unsupported(self, kind: Kind, verb: str) -> UnsupportedByPlatform:
        """The error for a verb that the capabilities do not offer, with their sentence."""
        ability = getattr(self.capabilities.kind(kind), verb)
        return UnsupportedByPlatform(
            ability.sentence, platform=self.capabilities.slug, operation=f"{verb} {kind}"
        )


def _same_word(expected: Any, shown: Any) -> bool:
    """A platform may write all names in capitals; whoever wrote "Ann" meant a name."""
    return bool(expected == shown) or str(expected).upper() == str(shown)


@dataclass(frozen=True, slots=True)
class Room:
    """A platform's room as the registry hands it out."""

    capabilities: Capabilities
    credentials: Sequence[CredentialField]
    options: Sequence[CredentialField]
    default_base_url: str
    open: Callable[[Connection], Adapter]
    setup_help: str = ""
    # What one account can do, by its options and by what was learned of it; None: all accounts
    # can the same.
    narrow: Callable[[Mapping[str, Any], Mapping[str, Any]], Capabilities] | None = None
    authorization: Authorization | None = None

    @property
    def slug(self) -> str:
        return self.capabilities.slug

    @property
    def name(self) -> str:
        return self.capabilities.name

    def capabilities_of(
        self, options: Mapping[str, Any], learned: Mapping[str, Any]
    ) -> Capabilities:
        """What one account of the platform can do."""
        return self.narrow(options, learned) if self.narrow else self.capabilities
