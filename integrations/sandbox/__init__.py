"""The sandbox: the platforms' APIs, emulated on one local HTTP server.

It is what the demo, the tests and the sceptical run Lectern against: real HTTP, real state, real
authorisation, the documented shapes and errors, and faults that can be switched on while it runs.
It is written from the platforms' documents and never from Lectern's own clients, since a shared
misunderstanding would pass every test.

    with Sandbox(seed=False).start() as sandbox:
        base, key = sandbox.base_url("clickmeeting"), sandbox.api_key("clickmeeting")
        room = sandbox.clickmeeting("demo").add_room("Quarterly results")
        sandbox.faults.add("slow", seconds=2, count=3)

How a request travels
    `server` (werkzeug, a thread a request) -> `app` (finds the platform by the first step of the
    path, lets `faults` strike through `wire`, writes the `journal`) -> the platform's sandbox.
    `/` is the control page (`pages`), `/_control/...` the same by HTTP (`control`).

How a platform joins
    It subclasses `platform.PlatformSandbox` in its own room (`integrations/<slug>/sandbox`) and
    adds one line to `world.PLATFORMS`; the server loads it at first use. Its promises are few:

    - `handle(call)` answers one `call.Call` with a werkzeug Response. The call holds everything a
      platform may want: method, path below the mount, query, headers, the raw body (JSON rooms
      read it themselves), and the fields and files of a form body (`forms.nest` reads PHP arrays;
      a platform with one JSON form field finds it in `fields`). `call.problem` is set where the
      request could not be read: answer it with `error` and do nothing.
    - `account_of(call)` finds the account by whatever the platform authorises with: a header, a
      field, a bearer token that its own token operation has put into the account's store. It
      returns None for a stranger and never answers; `handle` refuses.
    - `error(status, message)` is an error in the platform's own shape; faults use it as well.
    - State lives in `Account.store` as plain JSON rows, and changes through the store's methods
      alone; then showing, saving and loading come for free. Methods of the account class are what
      happens "on the platform's side"; `edits` names those that the control page offers.
    - `empty_lists(answer)`, `for_journal(fields)` and `path_of(call)` may be overridden where the
      default reading of lists or secrets does not fit, or where all operations share one path.

    `handle` runs under the world's lock, so it needs none of its own and must not wait.
"""

from integrations.sandbox.persist import StateUnreadable
from integrations.sandbox.platform import EditRefused
from integrations.sandbox.server import Sandbox

__all__ = ["EditRefused", "Sandbox", "StateUnreadable"]
