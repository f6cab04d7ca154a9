"""The one place that speaks HTTP. Every answer is hostile until it is parsed.

Whether a failed call may be repeated is decided by what the operation does (`Effect`), never by
its HTTP verb: a read may travel as POST, and a lost answer to a create must not lead to a second.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import requests
from urllib3.exceptions import HTTPError

from integrations.base.broken import never_sent
from integrations.base.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RecordNotFound,
    RequestRejected,
    UnexpectedAnswer,
)
from integrations.base.session import open_session
from integrations.base.waiting import retry_after

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
# An answer that drips must end too; a lease is longer than this.
TOTAL_SECONDS = 60.0
LARGEST_ANSWER = 20 * 1024 * 1024
EXCERPT = 300
# requests lets some of urllib3's errors through, and text that cannot be encoded as UnicodeError.
BROKEN = (requests.RequestException, HTTPError, UnicodeError)


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


class Http:
    """One account's line to its platform. Safe to use from several threads."""

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
    ) -> None:
        self.platform = platform
        self.base_url = base_url.rstrip("/")
        self.headers = dict(headers or {})
        self._secrets = tuple(s for s in secrets if s)
        self._verify: bool | str = ca_bundle or True
        self._proxy = proxy
        self._gate = gate
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
        hide = send.pop("hide", ())
        key = self.key()
        answer = self._exchange(effect, method, path, operation, hide, key, send)
        if key and self.is_stale(answer) and (fresh := self.fresh_key(key)):
            # A refused key means that nothing was done: the same may be asked once more.
            answer = self._exchange(effect, method, path, operation, hide, fresh, send)
        if not 200 <= answer.status < 300:
            raise self.refused(answer, effect, operation)
        self.changes += effect is not Effect.READ
        return answer

    def stream(self, path: str, operation: str) -> Iterator[bytes]:
        """Read a file piece by piece; raises as `answer` does for a read."""
        key = self.key()
        self._gate()
        try:
            with self._send("GET", path, key=key) as response:
                if response.status_code != 200:
                    body = b"".join(self._chunks(response, time.monotonic() + TOTAL_SECONDS))
                    answer = Answer(response.status_code, response.headers, body, (key,))
                    raise self.refused(answer, Effect.READ, operation)
                yield from response.iter_content(64 * 1024)
        except BROKEN as error:
            raise self._broken(error, Effect.READ, operation) from None

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

    def _exchange(
        self,
        effect: Effect,
        method: str,
        path: str,
        operation: str,
        hide: tuple[str, ...],
        key: str,
        send: Mapping[str, Any],
    ) -> Answer:
        self._gate()
        end = time.monotonic() + TOTAL_SECONDS
        try:
            with self._send(method, path, key=key, **send) as response:
                body = b"".join(self._chunks(response, end))
        except BROKEN as error:
            raise self._broken(error, effect, operation) from None
        return Answer(response.status_code, response.headers, body, (*hide, key))

    def read_error(self, body: Any) -> tuple[str, dict[str, list[str]]]:
        """Find the platform's words in a parsed error body: (sentence, texts by field).

        A room overrides this for its own error shape.
        """
        return "", {}

    def close(self) -> None:
        """Close this thread's connections."""
        session = getattr(self._local, "session", None)
        if session is not None:
            session.close()
            del self._local.session

    def redact(self, text: str, hide: tuple[str, ...] = ()) -> str:
        """Take our secrets, and whatever looks like a token, out of a text."""
        for secret in filter(None, self._secrets + hide):
            # As it is, as JSON writes it, and as a URL or a form carries it.
            for written in (secret, json.dumps(secret)[1:-1], quote(secret), quote_plus(secret)):
                text = text.replace(written, "[secret]")
        return re.sub(
            r"(?i)((?:token|secret|password|api_?key|hash|authorization)[\"']?\s*[:=]\s*[\"']?)"
            r"[^\s\"'&,}]{4,}",
            r"\1[secret]",
            text,
        )

    def _send(self, method: str, path: str, *, key: str = "", **send: Any) -> requests.Response:
        url = path if path.startswith(("http://", "https://")) else self.base_url + path
        ours = _origin(url) == _origin(self.base_url)
        # Our key goes to the platform's own host alone, not to a storage host it links to.
        own = self.headers | ({"Authorization": f"Bearer {key}"} if key else {})
        headers = (own if ours else {}) | dict(send.pop("headers", None) or {})
        return self._session().request(
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

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = open_session(self._proxy)
        return session

    def _chunks(self, response: requests.Response, end: float) -> Iterator[bytes]:
        size = 0
        # read1 gives what has arrived; iter_content would sit until 8 KiB have dripped in.
        while chunk := response.raw.read1(8 * 1024, decode_content=True):
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise requests.exceptions.ContentDecodingError("the answer is too large")
            if time.monotonic() > end:
                raise requests.exceptions.ReadTimeout("the answer dripped for too long")
            yield chunk

    def parse(self, answer: Answer, effect: Effect, operation: str) -> Any:
        """The JSON of an answer; what is none raises UnexpectedAnswer, after a change
        OutcomeUnknown."""
        if "html" not in answer.headers.get("Content-Type", ""):
            try:
                return json.loads(answer.body.decode("utf-8"))
            except (ValueError, RecursionError):
                pass
        text = f"{self.platform} answered with something that is not JSON."
        error = UnexpectedAnswer if effect is Effect.READ else OutcomeUnknown
        raise error(text, **self.details(answer, operation))

    def _broken(self, error: Exception, effect: Effect, operation: str) -> PlatformError:
        details: dict[str, Any] = {"platform": self.platform, "operation": operation}
        if effect is not Effect.READ and not never_sent(error):
            text = f"The line to {self.platform} broke before the answer came."
            return OutcomeUnknown(text, **details)
        return PlatformUnavailable(f"{self.platform} could not be reached.", **details)

    def refused(self, answer: Answer, effect: Effect, operation: str) -> PlatformError:
        """The error that an answer without success means; a room overrides it where the
        platform's statuses mean something else."""
        details = self.details(answer, operation)
        words, field_errors = self.words(answer)
        said = f": {words}" if words else "."
        status = answer.status
        if status == 429:
            return RateLimited(
                f"{self.platform} asks us to slow down.",
                retry_after=retry_after(answer.headers),
                **details,
            )
        if status == 401 or (status == 403 and effect is Effect.READ):
            return CredentialsRejected(f"{self.platform} refused our credentials{said}", **details)
        if status in (404, 410):
            return RecordNotFound(f"{self.platform} does not know it{said}", **details)
        if status >= 500 or status < 400:
            unknown = PlatformUnavailable if effect is Effect.READ else OutcomeUnknown
            return unknown(f"{self.platform} had an error of its own ({status}){said}", **details)
        return RequestRejected(
            f"{self.platform} refused it{said}", field_errors=field_errors, **details
        )

    def words(self, answer: Answer) -> tuple[str, dict[str, list[str]]]:
        """The platform's own words, secrets taken out: (sentence, texts by field of ours)."""
        try:
            words, fields = self.read_error(json.loads(answer.body.decode("utf-8")))
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return "", {}
        hide = answer.hide
        cleaned = {k: [self.redact(str(t), hide)[:EXCERPT] for t in v] for k, v in fields.items()}
        return self.redact(words, hide)[:EXCERPT], cleaned

    def details(self, answer: Answer, operation: str) -> dict[str, Any]:
        """What every error carries: platform, operation, status and a redacted excerpt."""
        # Much more than is kept: a secret that is cut in two would not be recognised.
        text = answer.body[: EXCERPT * 100].decode("utf-8", "replace")
        return {
            "platform": self.platform,
            "operation": operation,
            "status": answer.status,
            "excerpt": self.redact(text, answer.hide)[:EXCERPT],
        }


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise requests.exceptions.InvalidURL("this is not an address") from None
    return parts.scheme, parts.netloc
