"""MyOwnConference for the promises that every adapter keeps."""

from typing import Any

from integrations.base.adapter import Adapter, Connection
from integrations.base.records import Draft, Fields, Kind, Record

PICTURE = {"name": "face.png", "content": b"\x89PNG\r\n\x1a\n"}


class World:
    """One account on the sandbox, and how to bring about each kind of record on it."""

    secrets = ()

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.key = sandbox.api_key("myownconference", "demo")
        self.platform = sandbox.account("myownconference", "demo")
        self.platform.set_profile(timezone=60, timemove=True)

    # What a create and an update send after the profile was asked for its clock.
    create_path, update_path = "/webinarsCreate", "/webinarsSet"

    def connection(self, key: str = "") -> Connection:
        return Connection(
            self.sandbox.base_url("myownconference"),
            {"api_key": key or self.key},
            {"contacts": "yes"},
        )

    def given(self, record: Record) -> bool:
        """The main moderator belongs to every webinar, and cannot be detached."""
        return bool(record.facts.get("main"))

    def parent(self, adapter: Adapter, kind: Kind) -> str | None:
        """The identifier of something that such a record can belong to."""
        if kind in (Kind.CONFERENCE, Kind.ATTENDEE, Kind.GROUP):
            return None
        if kind is Kind.MEMBERSHIP:
            return adapter.create(self.draft(Kind.GROUP, None)).external_id
        alias = adapter.create(self.draft(Kind.CONFERENCE, None)).external_id
        return f"{alias}/run" if kind is Kind.ATTENDANCE else alias

    def draft(self, kind: Kind, parent_id: str | None) -> Draft:
        person = {"email": "ann@example.com", "first_name": "Anna Maria", "last_name": "von Lee"}
        fields: dict[Kind, Fields] = {
            Kind.CONFERENCE: {
                "title": "Größe & <b>+</b> 100 %",
                "description": "<p>First line</p>\nsecond; a=b&c=d",
                "starts_at": "2027-03-28T01:00:00Z",
                "duration_minutes": 75,
            },
            Kind.MODERATOR: {"email": "host@example.com", "name": "Host"},
            Kind.ATTENDEE: {**person, "phone": "+48 1", "company": "Lee and Sons"},
            Kind.REGISTRATION: person,
            Kind.GROUP: {"name": "Guests of honour"},
            Kind.MEMBERSHIP: {"email": "ann@example.com"},
        }
        return Draft(kind, fields[kind], parent_id=parent_id)

    def changes(self, kind: Kind) -> list[Fields]:
        """Changes that are asked for one at a time."""
        self.platform.add_group("Everyone")
        return {
            Kind.CONFERENCE: [
                {"title": "Renamed"},
                {"description": ""},
                {"starts_at": "2027-10-31T02:30:00Z"},
                {"starts_at": "2027-10-31T02:30:00Z"},
                {"duration_minutes": 1439},
                {"options.private": True},
                {"options.private": False},
                {"options.language": "pl"},
                {"options.userList": False},
                {"options.sendRecord": True},
                {"options.background": "#101010", "options.foreground": "#fafafa"},
                {"options.login_fields": "name, email, phone"},
                {"options.group": "Everyone"},
                {"title": "Both", "starts_at": "2028-01-01T10:00:00Z", "duration_minutes": 30},
            ],
            Kind.MODERATOR: [{"name": "Another name"}],
            Kind.ATTENDEE: [
                {"last_name": "Smith"},
                {"first_name": "Ann"},
                {"first_name": "Ann Mary", "last_name": "Lee"},
                {"phone": "+48 2"},
                {"company": ""},
            ],
        }.get(kind, [])

    def exist(self, adapter: Adapter, kind: Kind) -> str | None:
        """Make at least one such record be there; answers its parent."""
        parent_id = self.parent(adapter, kind)
        alias = (parent_id or "").partition("/")[0]
        if kind in (Kind.SESSION, Kind.ATTENDANCE):
            self._run(alias)
        elif kind is Kind.RECORDING:
            self.platform.add_recording(alias)
        else:
            adapter.create(self.draft(kind, parent_id))
        return parent_id

    def action(self, adapter: Adapter, name: str) -> tuple[str, dict[str, Any]]:
        """(what it is done to, its arguments)."""
        alias = adapter.create(self.draft(Kind.CONFERENCE, None)).external_id or ""
        if name.startswith(("account_", "profile", "change_", "delete_moderator")):
            return "", self._arguments(alias).get(name, {})
        if name.startswith("moderator_"):
            made = adapter.create(self.draft(Kind.MODERATOR, alias))
            return made.external_id or "", self._arguments(alias).get(name, {})
        if name.startswith("person_") or name in ("lift_ban", "remove_person"):
            adapter.create(self.draft(Kind.REGISTRATION, alias))
            self.platform.ban("ann@example.com")
            return "ann@example.com", {}
        if name == "download_recording":
            return f"{alias}/{self.platform.add_recording(alias)['id']}", {}
        self._run(alias, ended=name not in LIVE and not name.startswith(("bot", "virtual")))
        arguments = self._arguments(alias).get(name, {})
        if name in ("bot_remove", "bot_say"):
            bot = {"name": "Bo Bot", "country": "PL"}
            arguments = {**arguments, "id": adapter.perform("bot_add", alias, bot)["id"]}
        if name in ("virtual_moderator_remove", "virtual_moderator_say"):
            adapter.perform("virtual_moderator_add", alias, VIRTUAL)
        return alias, arguments

    def _arguments(self, alias: str) -> dict[str, dict[str, Any]]:
        slides = str(self.platform.add_file(alias, "slides.pdf")["id"]) if alias else ""
        video = self.platform.add_file(alias, "clip.mp4", kind="MEDIA", length=60)
        return {
            "slides_show": {"id": slides, "slide": 3},
            "slides_stop": {},
            "video_show": {"id": str(video["id"])},
            "bot_add": {"name": "Bo Bot", "country": "pl"},
            "bot_say": {"text": "Hello"},
            "virtual_moderator_add": VIRTUAL,
            "virtual_moderator_say": {**VIRTUAL, "text": "Hello"},
            "virtual_moderator_remove": VIRTUAL,
            "download_file": {"id": slides},
            "clone": {"date": "2027-05-01"},
            "room_settings": {"recordMode": "recordArea", "recordQuality": "1"},
            "logo": {**PICTURE, "link": "https://example.com/"},
            "banner": PICTURE,
            "letter_switch": {"id": "3DAY", "enabled": False},
            "letter_text": {"id": "FINISHED", "text": "<p>Thanks</p>"},
            "join_link": {"email": "ann@example.com"},
            "moderator_picture": PICTURE,
            "delete_moderator": {"id": self._moderator()},
            "change_profile": {"name": "New Owner", "subscribe": "NO"},
        }

    def _moderator(self) -> str:
        if self.platform.find_moderator("old@example.com") is None:
            self.platform.add_moderator("old@example.com", "Old Hand")
        return "old@example.com"

    def _run(self, alias: str, *, ended: bool = True) -> None:
        """Let the webinar run, with one visitor who also wrote a line."""
        self.platform.invite(alias, "ann@example.com", "Ann Lee")
        self.platform.start_session(alias, ["ann@example.com"], chat=["Hello"])
        if ended:
            self.platform.end_session(alias)


VIRTUAL = {"email": "virtual@example.com", "name": "Vera Virtual"}
LIVE = {
    "participants",
    "chat_off",
    "chat_on",
    "links_off",
    "links_on",
    "slides_show",
    "slides_stop",
    "video_show",
    "video_stop",
    "stop",
    "bots",
}
