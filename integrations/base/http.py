"""The one place that speaks HTTP. Every answer is hostile until it is parsed.

Whether a failed call may be repeated is decided by what the operation does (`Effect`), never by
its HTTP verb: a read may travel as POST, and a lost answer to a create must not lead to a second.
"""

import itertools
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from integrations.base.broken import never_sent
from integrations.base.deadline import Forbidden
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
    restated,
)
from integrations.base.evidence import LOG, Asked, remember, report
from integrations.base.excerpts import excerpt
from integrations.base.hiding import secrets_hider
from integrations.base.session import open_session
from integrations.base.targets import Targets
from integrations.base.texts import Said, _, quoting, say
from integrations.base.waiting import retry_after

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
# An answer that drips must end too; a lease is longer than this.
TOTAL_SECONDS = 60.0
LARGEST_ANSWER = 10 * 1024 * 1024
# Signs of JSON, each of which may begin a value: a small text can unfold into very much memory.
MOST_VALUES = 1_000_000
# A file is passed on piece by piece: some hours of a recording, and no more.
LARGEST_FILE = 8 * 1024**3
FILE_SECONDS = 3600.0
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
EXCERPT = 300
# Much more than is kept: a secret that is cut in two would not be recognised.
SHOWN = EXCERPT * 100
# So much of a secret at the end of a text may be the beginning of all of it.
SHORTEST_HALF = 3
_without_named = secrets_hider("token|secret|password|api_?key|hash|authorization", "[secret]")
# requests lets some of urllib3's errors through, and text that cannot be encoded as UnicodeError.
BROKEN = (requests.RequestException, HTTPError, UnicodeError)


class TooLarge(requests.exceptions.ContentDecodingError):
    """An answer larger than is taken in."""


class TooMany(ValueError):
    """JSON with more values than are taken in."""


class BundleUnreadable(requests.exceptions.InvalidSchema):
    """The file with the authorities that an account trusts is not there, or holds none."""


class Effect(StrEnum):
    """What an operation does to the platform."""

    READ = "read"
    CHANGE = "change"  # absolute values or a delete: doing it twice is doing it once
    CREATE = "create"  # doing it twice makes two
    NOTIFY = "notify"  # doing it twice tells people twice


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP answer. `hide` are secrets that were sent and must not be quoted from it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    hide: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for, with one key after another until one is taken: `attempts` counts."""

    effect: Effect
    method: str
    path: str
    operation: str
    hide: tuple[str, ...] = field(default=(), repr=False)
    send: Mapping[str, Any] = field(default_factory=dict, repr=False)
    attempts: Iterator[int] = field(default_factory=lambda: itertools.count(1))


class Http:
    """One account's HTTP client for its platform. Safe to use from several threads.

    Each request is logged (`lectern.requests`): what was asked for, how it went and how long it
    took; never an address, a body, a secret or a person.
    """

    def __init__(
        self,
        platform: str,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
        ca_bundle: str = "",
        proxy: str = "",
        gate: Callable[[], None] = lambda: None,
        limited: Callable[[RateLimited], None] = lambda error: None,
        account: str = "",
    ) -> None:
        self.platform = platform
        self.base_url = base_url.rstrip("/")
        self.headers = dict(headers or {})
        self._secrets = tuple(s for s in secrets if s)
        self._verify: bool | str = ca_bundle or True
        self._proxy = proxy
        self._targets = Targets(self.base_url)
        self._gate = gate
        self._limited = limited
        self._account = account
        self._local = threading.local()
        # How many requests were taken that may have changed something (see `outcome`).
        self.changes = 0

    def json(self, effect: Effect, method: str, path: str, operation: str, **send: Any) -> Any:
        """Send and parse a JSON answer; an empty 204 reads as None. Errors as in `answer`."""
        answer = self.answer(effect, method, path, operation, **send)
        if answer.status == 204 and effect is not Effect.READ:
            return None
        return self.parse(answer, effect, operation)

    def answer(self, effect: Effect, method: str, path: str, operation: str, **send: Any) -> Answer:
        """Send and return a successful answer whole.

        `send` takes params, data, json, files and headers as requests does, and `hide`: secrets
        among what is sent, which the platform may repeat in its answer. Raises
        PlatformUnavailable, RateLimited, OutcomeUnknown, CredentialsRejected, RequestRejected,
        RecordNotFound or UnexpectedAnswer.
        """
        request = _Request(effect, method, path, operation, send.pop("hide", ()), send)

        def with_key(key: str) -> Answer:
            return self._ask(partial(self._exchange, request, key), effect, key)

        key = self.key()
        answer = with_key(key)
        if key and self.is_stale(answer) and (fresh := self.fresh_key(key)):
            # A refused key means that nothing was done: the same may be asked once more.
            answer = with_key(fresh)
        if not 200 <= answer.status < 300:
            raise self.refusal(answer, effect, operation)
        self.changes += effect is not Effect.READ
        return answer

    def stream(self, path: str, operation: str) -> Iterator[bytes]:
        """Read a file piece by piece, over redirects; raises as `answer` does for a read.

        The address may be one that the platform named: see `targets` for where it may lead. At
        most LARGEST_FILE bytes within FILE_SECONDS.
        """
        key, end = self.key(), time.monotonic() + FILE_SECONDS
        request = _Request(Effect.READ, "GET", path, operation)
        self._gate()
        with self._told(request) as told, self._followed(path, key) as response:
            told.status = response.status_code
            if response.status_code != 200:
                body = self._whole(response, time.monotonic() + TOTAL_SECONDS)
                answer = Answer(response.status_code, response.headers, body, (key,))
                self._came(answer, request, told)
                raise self.refusal(answer, Effect.READ, operation)
            yield from self._chunks(response, end, LARGEST_FILE, 64 * 1024)

    def _followed(self, path: str, key: str) -> requests.Response:
        """The answer behind all redirects. Our key stays with the platform's own host."""
        url = self._url(path)
        for _hop in range(MOST_REDIRECTS + 1):
            response = self._send("GET", url, key=key, guarded=True)
            to = response.headers.get("Location", "")
            if response.status_code not in REDIRECTS or not to:
                return response
            response.close()
            url, before = urljoin(url, to), url
            if before.startswith("https://") and not url.startswith("https://"):
                raise requests.exceptions.InvalidSchema("a file behind TLS leads out of it")
        raise requests.exceptions.TooManyRedirects("the file is always somewhere else")

    def key(self) -> str:
        """The access token that goes with a request as a bearer token; empty: none does.

        A room with tokens overrides this with `TokenKeeper.token`.
        """
        return ""

    def is_stale(self, answer: Answer) -> bool:
        """Whether an answer says that the token has run out; then another is tried once."""
        return False

    def fresh_key(self, refused: str) -> str:
        """Another token than the refused one; a room overrides it with `TokenKeeper.replace`."""
        return ""

    def _ask(self, ask: Callable[[], Answer], effect: Effect, key: str) -> Answer:
        """One request with one key, by calling `ask`; a room that knows more than one way for the
        key to travel overrides this."""
        return ask()

    def _exchange(self, request: _Request, key: str) -> Answer:
        self._gate()
        with self._told(request) as told:
            end = time.monotonic() + TOTAL_SECONDS
            with self._send(request.method, request.path, key=key, **request.send) as response:
                told.status = response.status_code
                body = self._whole(response, end)
        answer = Answer(response.status_code, response.headers, body, (*request.hide, key))
        self._came(answer, request, told)
        return answer

    def _came(self, answer: Answer, request: _Request, asked: Asked) -> None:
        """Keep what an error about this answer will want, and pass on that we are to slow down."""
        shown = Answer(answer.status, {}, answer.body[: SHOWN + 1], answer.hide)
        remember(partial(self.details, shown, request.operation), asked)
        if answer.status == 429:
            error = self.refusal(answer, request.effect, request.operation)
            if isinstance(error, RateLimited):
                self._limited(error)

    @contextmanager
    def _told(self, request: _Request) -> Iterator[Asked]:
        """Around a request that leaves: it is logged, and what breaks it is told in our errors."""
        asked = Asked(
            account=self._account,
            platform=self.platform,
            operation=request.operation,
            method=request.method,
            attempt=next(request.attempts),
            effect=str(request.effect),
        )
        remember(None, asked)
        try:
            yield asked
        except BROKEN as error:
            told_as = self._broken(error, request.effect, request.operation)
            if isinstance(told_as, UnexpectedAnswer):
                report(told_as, asked)
            raise told_as from None
        finally:
            asked.end()
            fields = asked.fields()
            LOG.info(
                "%(platform)s, %(account)s: %(operation)s (%(method)s, %(effect)s, attempt "
                "%(attempt)d) status %(status)s in %(ms)d ms",
                fields,
                extra=fields,
            )

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Find the platform's words in a parsed error body: (sentence, texts by field).

        A room overrides this for its own error shape.
        """
        return "", {}

    def close(self) -> None:
        """Close this thread's connections."""
        for session in getattr(self._local, "sessions", {}).values():
            session.close()
        self._local.sessions = {}

    def redact(self, text: str, hide: tuple[str, ...] = ()) -> str:
        """Take our secrets, and whatever looks like a token, out of a text."""
        return _without_named(self._without_ours(text, hide))

    def _without_ours(self, text: str, hide: tuple[str, ...]) -> str:
        for written in self._written(hide):
            text = text.replace(written, "[secret]")
        return text

    def _without_half_of_ours(self, text: str, hide: tuple[str, ...]) -> str:
        """A text that may be cut off, without the beginning of a secret at its end."""
        for written in self._written(hide):
            for size in range(len(written) - 1, SHORTEST_HALF - 1, -1):
                if text.endswith(written[:size]):
                    text = text[:-size] + "[secret]"
                    break
        return text

    def _written(self, hide: tuple[str, ...]) -> Iterator[str]:
        """Our secrets: as they are, as JSON writes them, and as a URL or a form carries them."""
        for secret in filter(None, self._secrets + hide):
            yield from (secret, json.dumps(secret)[1:-1], quote(secret), quote_plus(secret))

    def _url(self, path: str) -> str:
        return path if path.startswith(("http://", "https://")) else self.base_url + path

    def _send(
        self, method: str, path: str, *, key: str = "", guarded: bool = False, **send: Any
    ) -> requests.Response:
        url = _as_sent(self._url(path))
        ours = _origin(url) == _origin(_as_sent(self.base_url))
        # Whatever is not the account's own address was named by somebody else.
        guarded = guarded or not ours
        if guarded and not self._targets.names(_host(url), resolve=bool(self._proxy)):
            raise requests.exceptions.ConnectionError(Forbidden(None, url))  # type: ignore[arg-type]
        # Our key goes to the platform's own host alone, not to a storage host it links to.
        own = self.headers | ({"Authorization": f"Bearer {key}"} if key else {})
        headers = (own if ours else {}) | dict(send.pop("headers", None) or {})
        return self._session(guarded).request(
            method,
            url,
            # As bytes: a key with a letter that no header can hold is the platform's to refuse.
            headers={name: value.encode() for name, value in headers.items()},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            verify=self._verify,
            allow_redirects=False,
            stream=True,
            **send,
        )

    def _session(self, guarded: bool) -> requests.Session:
        sessions: dict[bool, requests.Session] = self._local.__dict__.setdefault("sessions", {})
        if guarded not in sessions:
            self._check_bundle()
            allows = self._targets.allows if guarded else None
            sessions[guarded] = open_session(self._proxy, allows)
        return sessions[guarded]

    def _check_bundle(self) -> None:
        """requests raises something else for each thing that may be wrong with a file."""
        if isinstance(self._verify, str):
            try:
                ssl.create_default_context(cafile=self._verify)
            except (OSError, ValueError):
                raise BundleUnreadable("the CA bundle cannot be read") from None

    def _whole(self, response: requests.Response, end: float) -> bytes:
        # One growing buffer: as a list of pieces, small ones would weigh many times as much.
        body = bytearray()
        for chunk in self._chunks(response, end, LARGEST_ANSWER, 8 * 1024):
            body += chunk
        return bytes(body)

    def _chunks(
        self, response: requests.Response, end: float, largest: int, piece: int
    ) -> Iterator[bytes]:
        size = 0
        # read1 gives what has arrived; iter_content would sit until a whole piece has dripped in.
        while chunk := response.raw.read1(piece, decode_content=True):
            size += len(chunk)
            if size > largest:
                raise TooLarge("the answer is too large")
            if time.monotonic() > end:
                raise requests.exceptions.ReadTimeout("the answer dripped for too long")
            yield chunk

    def parse(self, answer: Answer, effect: Effect, operation: str) -> Any:
        """The JSON of an answer; what is none raises UnexpectedAnswer, after a change
        OutcomeUnknown."""
        text = say("%(platform)s answered with a page that is no data.", platform=self.platform)
        if "html" not in answer.headers.get("Content-Type", ""):
            try:
                return read_json(answer.body)
            except TooMany:
                text = say(
                    "%(platform)s answered with more than can be taken in.", platform=self.platform
                )
            except (ValueError, RecursionError):
                pass
        unbelieved = UnexpectedAnswer(text, **self.details(answer, operation))
        report(unbelieved)
        raise unbelieved if effect is Effect.READ else restated(unbelieved, OutcomeUnknown)

    def _broken(self, error: Exception, effect: Effect, operation: str) -> PlatformError:
        details: dict[str, Any] = {"platform": self.platform, "operation": operation}
        if isinstance(error, BundleUnreadable):
            text = say(
                "The account's CA bundle cannot be read, so %(platform)s was not asked.",
                platform=self.platform,
            )
            return PlatformUnavailable(text, **details)
        if isinstance(_reason(error), Forbidden):
            text = say(
                "%(platform)s names an address inside this network. It was not asked.",
                platform=self.platform,
            )
            return UnexpectedAnswer(text, **details)
        if isinstance(error, TooLarge) and effect is Effect.READ:
            text = say(
                "%(platform)s answered with more than can be taken in.", platform=self.platform
            )
            return UnexpectedAnswer(text, **details)
        if effect is not Effect.READ and not never_sent(error):
            text = say(
                "The line to %(platform)s broke before the answer came.", platform=self.platform
            )
            return OutcomeUnknown(text, **details)
        return PlatformUnavailable(
            say("%(platform)s could not be reached.", platform=self.platform), **details
        )

    def refusal(self, answer: Answer, effect: Effect, operation: str) -> PlatformError:
        """The error that an answer without success means; a room overrides it where the
        platform's statuses mean something else."""
        details = self.details(answer, operation)
        words, field_errors = self.words(answer)
        status = answer.status

        def told(plain: str, quoted: str, **more: Any) -> Said:
            return quoting(plain, quoted, words, platform=self.platform, **more)

        if status == 429:
            return RateLimited(
                say("%(platform)s asks us to slow down.", platform=self.platform),
                retry_after=retry_after(answer.headers),
                **details,
            )
        if status == 401 or (status == 403 and effect is Effect.READ):
            sentence = told(
                _("%(platform)s refused our credentials."),
                _("%(platform)s refused our credentials: %(said)s"),
            )
            return CredentialsRejected(sentence, **details)
        if status in (404, 410):
            sentence = told(
                _("%(platform)s does not know it."), _("%(platform)s does not know it: %(said)s")
            )
            return RecordNotFound(sentence, **details)
        if status >= 500 or status < 400:
            unknown = PlatformUnavailable if effect is Effect.READ else OutcomeUnknown
            sentence = told(
                _("%(platform)s had an error of its own (%(status)d)."),
                _("%(platform)s had an error of its own (%(status)d): %(said)s"),
                status=status,
            )
            return unknown(sentence, **details)
        sentence = told(_("%(platform)s refused it."), _("%(platform)s refused it: %(said)s"))
        return RequestRejected(sentence, field_errors=field_errors, **details)

    def words(self, answer: Answer) -> tuple[str, dict[str, list[str]]]:
        """The platform's own words, secrets taken out: (sentence, texts by field of ours)."""
        try:
            words, fields = self.read_error(read_json(answer.body))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return "", {}
        hide = answer.hide
        cleaned = {k: [self.redact(str(t), hide)[:EXCERPT] for t in v] for k, v in fields.items()}
        return self.redact(words, hide)[:EXCERPT], cleaned

    def details(self, answer: Answer, operation: str) -> dict[str, Any]:
        """What every error carries: platform, operation, status and a redacted excerpt.

        Whatever must not be read is hidden first and the text cut then: of half an address or
        half a secret nothing would tell what it is.
        """
        hide, cut = answer.hide, len(answer.body) > SHOWN
        text = self._without_ours(answer.body[:SHOWN].decode("utf-8", "replace"), hide)
        text = excerpt(self._without_half_of_ours(text, hide), cut=cut)
        return {
            "platform": self.platform,
            "operation": operation,
            "status": answer.status,
            "excerpt": self.redact(text, hide)[:EXCERPT],
        }


def read_json(body: bytes) -> Any:
    """The value that a JSON text holds. Raises TooMany for one that would unfold into more than
    MOST_VALUES, ValueError, RecursionError."""
    if sum(body.count(sign) for sign in (b"[", b"{", b",", b":")) > MOST_VALUES:
        raise TooMany
    return json.loads(body.decode("utf-8"))


def _reason(error: Exception) -> Any:
    inner = error.args[0] if error.args else None
    return getattr(inner, "reason", inner)


def _as_sent(url: str) -> str:
    """The address as it will be asked for. Two readers may see two hosts in one text: of
    `http://127.0.0.1\\@example.org/` one names the first, another the second."""
    sent = requests.PreparedRequest()
    sent.prepare_url(url, None)
    return str(sent.url)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        raise requests.exceptions.InvalidURL("this is not an address") from None


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise requests.exceptions.InvalidURL("this is not an address") from None
    return parts.scheme, parts.netloc
