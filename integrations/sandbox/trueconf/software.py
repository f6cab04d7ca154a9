"""Client applications, and the links by which a person joins a conference.

Source: [document, Software Clients; Objects | Software client].
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote, urlencode

from integrations.sandbox.trueconf.conference_shape import HOST_IP
from integrations.sandbox.trueconf.refusal import bad, not_found
from integrations.sandbox.trueconf.request import ApiRequest

LANGUAGES = (
    "en",
    "ru",
    "de",
    "es",
    "fa",
    "fr",
    "it",
    "ja",
    "cs",
    "pl",
    "pt",
    "ko",
    "uk",
    "vi",
    "zh",
    "zht",
    "tr",
    "he",
)
CASES = ("download", "join_conference_button", "join_conference_roaming")
_GUEST = re.compile(r"(?:(\d)\$([\w-]+)\*|\$)(.{1,64})")
WEB = "https://trueconf.com/downloads"


def list_clients(request: ApiRequest) -> Any:
    """`call_id` adds the ways into a conference, `user` says for whom."""
    lang = _chosen(request, "lang", LANGUAGES, "en")
    _chosen(request, "case", CASES, "download")
    conference_id = request.query.get("call_id", "")
    if not conference_id:
        return {"clients": _apps(request, lang)}
    request.conference(conference_id)
    login = _user(request)
    pair = {"login": login, "token": _token(request, login)} if login else {}
    web = _web_client(request, conference_id, pair, lang)
    clients = [*_apps(request, lang), _single_use(request, conference_id, lang), web]
    return {"clients": clients, "deeplinks": _deeplinks(request, conference_id, pair)}


def _chosen(request: ApiRequest, name: str, allowed: tuple[str, ...], default: str) -> str:
    if request.minor < 1:
        return default
    value = request.query.get(name) or default
    if value not in allowed:
        raise bad("invalidValue", f"One of {', '.join(allowed)} is expected.", name)
    return value


def _user(request: ApiRequest) -> str:
    """`user1`; `$Alexander` for a guest; `2$guest_id*Alexander` for a guest with a known id."""
    text = request.query.get("user", "")
    if not text:
        return ""
    if match := _GUEST.fullmatch(text):
        number, guest_id, name = match.groups()
        guest_id = guest_id or request.account.code("guest", name, length=8)
        return f"#guest{number or ''}:{guest_id}@{request.account.server_name}"
    user = request.account.user(text)
    if user is None:
        raise not_found("user", text, "user", parameter=True)
    login: str = user["login_name"]
    return login


def _token(request: ApiRequest, login: str) -> str:
    return request.account.code("join", login, request.account.now() // 3600)


def _apps(request: ApiRequest, lang: str) -> list[dict[str, Any]]:
    packed = base64.urlsafe_b64encode(request.account.server_name.encode()).decode().rstrip("=")
    windows = {
        kind: request.account.page_url("downloads", f"trueconf_windows_client_{kind}_{packed}.exe")
        for kind in ("x86", "x64")
    }
    mac = request.account.page_url("downloads", "trueconf_client.dmg")
    android = request.account.page_url("downloads", "trueconf_android_client.apk")
    store = "https://play.google.com/store/apps/details?id=com.trueconf.videochat"
    apple = "https://itunes.apple.com/app/trueconf/id536475636"
    return [
        _client("TrueConf Windows", "windows", lang, windows["x86"], download_urls=windows),
        _client("TrueConf macOS", "macos", lang, mac, page="osx"),
        _client("TrueConf Linux", "linux", lang),
        _client("TrueConf iOS", "ios", lang, market_url=apple),
        _client("TrueConf Android", "android", lang, android, market_url=store),
    ]


def _client(
    name: str, platform: str, lang: str, download_url: str = "", page: str = "", **more: Any
) -> dict[str, Any]:
    client = {
        "name": name,
        "type": "standalone",
        "platform": platform,
        "download_url": download_url,
        "download_urls": None,
        "market_url": "",
        "web_url": f"{WEB}/{page or platform}.html?lang={lang}",
    }
    return {**client, **more}


def _single_use(request: ApiRequest, conference_id: str, lang: str) -> dict[str, Any]:
    packed = base64.urlsafe_b64encode(conference_id.encode()).decode().rstrip("=")
    url = request.account.page_url("downloads", f"{packed}.exe")
    return _client("TrueConf Client", "windows", lang, url, type="single-use")


def _web_client(
    request: ApiRequest, conference_id: str, pair: dict[str, str], lang: str
) -> dict[str, Any]:
    """The login stands in the fragment, which a server never sees; the query repeats it, so
    that the stand-in page can say who one is."""
    url = request.account.page_url("webrtc", conference_id)
    if pair:
        url += f"?{urlencode({'login': pair['login']})}"
    url += f"#{urlencode({**pair, 'lang': lang})}"
    frame = (
        f'<iframe src="{url}" allowfullscreen="allowfullscreen" '
        'allow="microphone; camera; autoplay; display-capture"></iframe>'
    )
    return {
        **_client("TrueConf Web", "webrtc", lang),
        "type": "web",
        "web_url": url,
        "iframe": frame,
    }


def _deeplinks(request: ApiRequest, conference_id: str, pair: dict[str, str]) -> dict[str, str]:
    target = f"{conference_id}@{request.account.server_name}"
    who = f"&login={quote(pair['login'], safe='')}&password={pair['token']}" if pair else ""
    host = f"&h={HOST_IP}" if pair else ""
    forced = "&force=1" if pair else ""
    coded = quote(f"{target}#vcs&conftype=multi&h={HOST_IP}", safe="")
    package = "Intent;scheme=visicall;package=com.trueconf.videochat;end"
    return {
        "default": f"trueconf:{target}%23vcs&conftype=multi{host}{who}&encrypt=0{forced}",
        "android": f"intent:{coded}{who}%26encrypt%3d0%26force%3d1#{package}",
    }
