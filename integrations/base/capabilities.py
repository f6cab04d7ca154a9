"""What a platform can do, said once per room and read by pages, services, sync, tests and docs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from integrations.base.records import Kind
from integrations.base.texts import _


class Level(StrEnum):
    """How far an ability goes."""

    FULL = "full"  # the platform does it through its API
    READ_ONLY = "read only"  # we can see it, not change it
    PORTAL_ONLY = "portal only"  # we keep it, the platform never hears of it
    BY_HAND = "by hand"  # only in the platform's own panel
    NONE = "none"  # it does not exist there


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing staff may want; `sentence` is what they read, `source` where it is documented."""

    level: Level
    sentence: str = ""
    source: str = ""
    steps_url: str = ""

    @property
    def offered(self) -> bool:
        """Whether the platform itself carries it out."""
        return self.level is Level.FULL


def no(sentence: str, source: str = "") -> Ability:
    """An ability that the platform does not have."""
    return Ability(Level.NONE, sentence, source)


def yes(sentence: str = "", source: str = "") -> Ability:
    """An ability that the platform has in full."""
    return Ability(Level.FULL, sentence, source)


ABSENT = no(_("This platform does not offer it."))

# What staff look for while a webinar runs, on whatever platform; a room uses these names.
LIVE_LABELS = {
    "participants": _("Who is in it"),
    "start": _("Start the webinar"),
    "stop": _("Finish the webinar"),
    "kick": _("Remove someone"),
    "podium_invite": _("Invite to the podium"),
    "podium_remove": _("Take off the podium"),
    "record_start": _("Start recording"),
    "record_pause": _("Pause recording"),
    "record_stop": _("Stop recording"),
    "chat_on": _("Turn the chat on"),
    "chat_off": _("Turn the chat off"),
    "links_on": _("Allow links in the chat"),
    "links_off": _("Forbid links in the chat"),
    "slides_show": _("Show slides"),
    "slides_stop": _("Stop the slides"),
    "video_show": _("Show a video"),
    "video_stop": _("Stop the video"),
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one field may hold and when it may be sent.

    `maximum` is characters for text and the largest number for a whole; `choices` are
    (value, label) pairs; `sentence` tells staff why a field is off or what the platform does to it.
    `reason_against` says why one value cannot be used that all of this would let pass.
    """

    on_create: bool = True
    on_update: bool = True
    required: bool = False
    maximum: int | None = None
    minimum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    sentence: str = ""
    reason_against: Callable[[Any], str] | None = field(default=None, compare=False)


class SettingTopic(StrEnum):
    """What a setting of a conference is about. The schedule form groups them, in this order."""

    GENERAL = "general"
    ENTRY = "entry"
    ROOM = "room"
    SOUND = "sound"
    RECORDING = "recording"
    LOOK = "look"
    AFTER = "after"


SETTING_TOPICS = {
    SettingTopic.GENERAL: _("The webinar as a whole"),
    SettingTopic.ENTRY: _("Entry"),
    SettingTopic.ROOM: _("What people can do in the room"),
    SettingTopic.SOUND: _("Sound and picture"),
    SettingTopic.RECORDING: _("Recording and broadcast"),
    SettingTopic.LOOK: _("Language and colours"),
    SettingTopic.AFTER: _("Afterwards"),
}


@dataclass(frozen=True, slots=True)
class OptionRule:
    """A conference setting that this platform alone has; travels as `options.<name>`.

    The same describes what an action asks for; it then travels as the argument `<name>`, and has
    no `topic`.
    """

    name: str
    label: str
    type: str  # a type name of `records`: text, whole or flag
    help: str = ""
    default: str | int | bool | None = None
    rule: FieldRule = field(default_factory=FieldRule)
    topic: SettingTopic = SettingTopic.GENERAL


@dataclass(frozen=True, slots=True)
class KindCapability:
    """What can be done with one kind of record.

    `natural_key` names the fields that identify a record within its parent; `unique_key` says
    that two records with the same key cannot exist, so a row found there is the one we want.
    `upsert` says that a create may be repeated without making a second one (and then serves as
    update). `marked` says that a created record can carry our marker. `together` are fields that
    the platform holds as one, a full name: they are agreed upon together or not at all. `most` is
    how many of the kind can ever stand in one parent, where that is limited. `tells` names the
    fields that change when what belongs to a record does: while none of them has, its lists need
    not be read as often. `needs` names the field of the conference without which none is created;
    `limits` says of its fields with which value not everybody is taken, in a sentence.
    Only what the platform's document shows.
    """

    list: Ability = ABSENT
    get: Ability = ABSENT
    create: Ability = ABSENT
    update: Ability = ABSENT
    delete: Ability = ABSENT
    fields: Mapping[str, FieldRule] = field(default_factory=dict)
    natural_key: tuple[str, ...] = ()
    unique_key: bool = False
    upsert: bool = False
    marked: bool = False
    together: tuple[str, ...] = ()
    most: int | None = None
    tells: tuple[str, ...] = ()
    needs: str = ""
    limits: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def mirrored(self) -> bool:
        """Whether the sync has anything to do with this kind."""
        return any(a.offered for a in (self.list, self.create, self.update, self.delete))

    def sendable(self, *, on_update: bool) -> frozenset[str]:
        """Names of the fields that may be sent on update, or on create."""
        return frozenset(
            name
            for name, rule in self.fields.items()
            if (rule.on_update if on_update else rule.on_create)
        )


NOTHING = KindCapability()


class Topic(StrEnum):
    """Where staff meet an action."""

    ELSEWHERE = ""  # a page of its own asks for it
    LIVE = "live"  # while the conference runs
    CONTENT = "content"  # files, chats, reports, recordings
    LETTERS = "letters"  # what the platform itself writes to people
    ACCESS = "access"  # links, tokens, rooms by role, embedding


@dataclass(frozen=True, slots=True)
class Action:
    """A one-shot thing done to a conference (or another row): it is asked for, not synced.

    `of` is the kind it is done to; None: the account. `fields` are asked for and travel as
    arguments. One that `reads` changes nothing and answers at once: {"rows": [{"id": …, …}]} for a
    table whose columns are the rows' keys, {"facts": {label: text}}, {"sentence": …}, or several
    of these. `target` names the reading action on whose rows it is done: the row's id travels as
    the argument `id`. A `download` answers a file (`Adapter.download`), an `upload` takes one as
    the arguments `name` and `content` (bytes). `warning` names the consequence, and is confirmed.
    `harmless` says of a reading action that its answer lets nobody in: no address, key, pin or
    file. Only then may the read-only role ask for it.
    """

    name: str
    label: str
    ability: Ability
    repeatable: bool = False  # safe to do again after an unknown outcome
    topic: Topic = Topic.ELSEWHERE
    of: Kind | None = Kind.CONFERENCE
    fields: tuple[OptionRule, ...] = ()
    reads: bool = False
    target: str = ""
    download: bool = False
    upload: bool = False
    warning: str = ""
    harmless: bool = False


COMING_DATES = "coming_dates"  # instants, earliest first


@dataclass(frozen=True, slots=True)
class Weekly:
    """How a platform keeps one conference that takes place every week: `days` is the option that
    names the days of the week in English, `zone` the account's setting that names the zone by whose
    clock they are meant."""

    days: str
    zone: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One platform's abilities and limits. `requests_per_minute` is kept 5 to 10 % under theirs.
    `weekly` is how it repeats a conference by itself, where it does; with `lists_dates` it tells
    the coming dates of one that has several, as the fact COMING_DATES. `reminds` says what it
    writes to people before the start by itself, as far as its document tells. `answers` is what
    becomes of answers to a registration page's questions there: FULL, it takes them with the
    registration; READ_ONLY, it shows what people answered on its own page.
    """

    slug: str
    name: str
    kinds: Mapping[Kind, KindCapability]
    actions: Mapping[str, Action] = field(default_factory=dict)
    options: tuple[OptionRule, ...] = ()
    requests_per_minute: int = 300
    burst: int = 20
    panel_url: str = ""
    cancel_sentence: str = ""
    close_sentence: str = ""
    weekly: Weekly | None = None
    lists_dates: bool = False
    reminds: str = ""
    answers: Ability = ABSENT

    def kind(self, kind: Kind) -> KindCapability:
        """The capability of a kind; one that can do nothing where the room does not name it."""
        return self.kinds.get(kind, NOTHING)

    def action(self, name: str) -> Ability:
        """The ability of an action; absent where the room does not name it."""
        found = self.actions.get(name)
        return found.ability if found else ABSENT
