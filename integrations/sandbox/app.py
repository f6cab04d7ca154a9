"""The WSGI application: finds the platform, lets faults strike, writes the journal."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from integrations.sandbox import control, pages, wire
from integrations.sandbox.call import Call, read_call
from integrations.sandbox.faults import INSTEAD, Fault
from integrations.sandbox.journal import Entry, without_secrets
from integrations.sandbox.platform import PlatformSandbox
from integrations.sandbox.world import PLATFORMS, World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)


class App:
    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            answer = self._answer(request)
        except wire.LineCut:
            raise
        except Exception:
            log.exception("The sandbox failed on %s %s", request.method, request.path)
            answer = Response("The sandbox itself failed; its log says why.\n", 500)
        return answer(environ, start)

    def _answer(self, request: Request) -> Response:
        slug = request.path.split("/")[1]
        if slug in PLATFORMS:
            return self._platform_answer(self.world.platform(slug), request)
        if slug == "_control":
            return control.answer(self.world, request)
        return pages.answer(self.world, request)

    def _platform_answer(self, platform: PlatformSandbox, request: Request) -> Response:
        call = read_call(request, f"/{platform.slug}")
        with self.world.lock:
            account = platform.account_of(call)
        label = account.label if account else ""
        entry = self._note(platform, call, label)
        hits = self.world.faults.take(platform.slug, label, call.method, entry.path)
        entry.faults = [fault.kind for fault in hits]
        wire.wait_before(self.world, hits)
        answer = self._outcome(platform, call, entry, wire.chosen(hits), request)
        entry.status = answer.status_code
        for fault in hits:
            if fault.kind == "drip":
                answer = wire.drip(self.world, answer, fault.seconds)
        return answer

    def _outcome(
        self,
        platform: PlatformSandbox,
        call: Call,
        entry: Entry,
        fault: Fault | None,
        request: Request,
    ) -> Response:
        cut = wire.cut(request.environ.get("werkzeug.socket"))
        acts = fault is None or fault.kind not in INSTEAD or fault.acts
        answer = self._act(platform, call, entry) if acts else Response()
        if fault is None:
            return answer
        if fault.kind in ("cut_before", "cut_after"):
            cut()
        if fault.kind in INSTEAD:
            return wire.stands_instead(platform, fault)
        return wire.spoil(platform, fault, answer)

    def _act(self, platform: PlatformSandbox, call: Call, entry: Entry) -> Response:
        entry.acted = True
        with self.world.lock:
            return platform.handle(call)

    def _note(self, platform: PlatformSandbox, call: Call, account: str) -> Entry:
        entry = Entry(
            at=self.world.now(),
            platform=platform.slug,
            account=account,
            method=call.method,
            path=platform.path_of(call),
            query=platform.for_journal(call.query),
            form=platform.for_journal(call.fields),
            headers=without_secrets(call.headers),
            files=[upload.name for upload in call.files],
        )
        self.world.requests.add(entry)
        return entry
