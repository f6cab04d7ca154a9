"""The script behind the embed code: it puts a frame with the room where the page wants it.

The document: "Simply create a blank HTML page, put the code in it and fill in the options", which
arrive here as parameters (`_license_key`, `_role_token`, `_nickname`, `_personal_token`, …).
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from integrations.sandbox.forms import Pairs
from integrations.sandbox.platform import Surroundings
from integrations.sandbox.store import Row

_SCRIPT = """(function () {
  var options = %s;
  var frame = document.createElement("iframe");
  frame.src = options.src;
  frame.title = options.title;
  frame.style.width = options.width;
  frame.style.height = options.height;
  (document.getElementById(options.container) || document.body).appendChild(frame);
})();
"""


def script(world: Surroundings, widget: Row, sent: Pairs) -> Response:
    given = dict(sent)
    options = {
        "src": world.url(f"/livewebinar/embed?{urlencode(sent)}"),
        "title": widget["name"],
        "container": given.get("_widget_containerID", ""),
        "width": given.get("_widget_width") or "100%",
        "height": given.get("_widget_height") or "100vh",
    }
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(_SCRIPT % json.dumps(options), mimetype="text/javascript", headers=headers)
