"""One step of a plan: what is to be done, with values, in a sentence. A dry run shows these."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from integrations.base.records import SECRET_FIELDS, Kind, Record
from portal.sync.compare import Merged
from portal.sync.models import PlatformLink


class Do(StrEnum):
    """The things a sync can do; the silent ones write nothing that staff would see."""

    IMPORT = "import"
    TAKE = "take"
    BACK = "back again"
    ANEW = "made anew there"
    GONE = "gone there"
    TWIN = "double found"
    STILL = "still there"
    EDIT_WINS = "edit wins over delete"
    CREATE = "create there"
    UPDATE = "update there"
    DELETE = "delete there"
    READDRESS = "withdraw and make anew there"
    HOLD = "hold"
    ADOPT = "adopt"
    ASK = "ask which it is"
    ASK_RESTORED = "ask which it is, after a restore"
    ASK_MISSING = "ask whether to make it, after a restore"
    EQUAL = "ask whether it is there"
    # silent
    AGREE = "agree"
    EXTRA = "registered once more"
    MISS = "missing once"
    UNLISTED = "left the list"
    ABSENT = "not created so far"
    AGAIN = "was not created"
    NAMELESS = "cannot be told apart"


SILENT = {Do.AGREE, Do.EXTRA, Do.MISS, Do.UNLISTED, Do.ABSENT, Do.AGAIN, Do.NAMELESS}
WISHES = {Do.CREATE, Do.UPDATE, Do.DELETE, Do.READDRESS}


@dataclass(slots=True)
class Step:
    """What to do with one row, link or record. `merged` holds a comparison's result."""

    do: Do
    kind: Kind
    title: str = ""
    link: PlatformLink | None = None
    row: Any = None
    record: Record | None = None
    merged: Merged | None = None
    fields: dict[str, list[Any]] = field(default_factory=dict)
    # for a partial listing row: what was listed when its details were read
    listed: str = ""
    # of a hold what is missing, of a question what may be ours
    missing: list[dict[str, Any]] = field(default_factory=list)

    @property
    def silent(self) -> bool:
        """Whether there is nothing in it for a person to read."""
        return self.do in SILENT

    def shown(self, platform: str) -> dict[str, Any]:
        """The step as JSON for runs, dry runs and scripts."""
        return {
            "do": str(self.do),
            "kind": str(self.kind),
            "title": self.title,
            "local_id": self.row.pk if self.row is not None else None,
            "external_id": self._external_id(),
            "fields": {name: _hide(name, pair) for name, pair in self.fields.items()},
            "sentence": SENTENCES[self.do].format(
                title=self.title or f"a {self.kind}",
                platform=platform,
                fields=", ".join(sorted(self.fields)) or "nothing",
            ),
        }

    def _external_id(self) -> str | None:
        if self.record is not None and self.record.external_id:
            return self.record.external_id
        return self.link.external_id if self.link is not None else None


SENTENCES = {
    Do.IMPORT: "{title} was found on {platform} and is added here.",
    Do.TAKE: "{title} was changed on {platform}: {fields}.",
    Do.BACK: "{title} is on {platform} again.",
    Do.ANEW: "{title} was removed here, and others have put it on {platform} again: it stands.",
    Do.GONE: "{title} is no longer on {platform}. It is kept here; you choose what becomes of it.",
    Do.TWIN: "{title} stands twice on {platform}; the second one is not added here.",
    Do.STILL: "{title} was deleted on {platform} but is still shown there.",
    Do.EDIT_WINS: "{title} was to be deleted, but was changed on {platform} meanwhile: it stays.",
    Do.CREATE: "{title} is to be created on {platform}.",
    Do.UPDATE: "{title} is to be changed on {platform}: {fields}.",
    Do.DELETE: "{title} is to be deleted on {platform}.",
    Do.READDRESS: "{title} has another address: the old one is to be withdrawn on {platform}, and "
    "the new one put there.",
    Do.HOLD: "Too much is missing on {platform} at once; nothing is changed until you have looked.",
    Do.ADOPT: "{title} was found on {platform} and belongs to what we have here.",
    Do.ASK: "The answer of {platform} to creating {title} was lost. What it shows now may be it, "
    "changed there since: which is it?",
    Do.ASK_RESTORED: "{title} was still to be created when the restored backup was made, and may "
    "have been since. What {platform} shows now may be it, changed there since: which is it?",
    Do.ASK_MISSING: "{title} was still to be created when the restored backup was made, and "
    "{platform} does not show it. It may have been made since, and deleted again: make it now?",
    Do.EQUAL: "{title} is still to be created on {platform}, which shows one with the same "
    "title and time that came after ours: is it the same?",
    Do.EXTRA: "{title} stands once more on {platform}, for the same person.",
    Do.AGREE: "{title} is in step with {platform}.",
    Do.MISS: "{title} was not listed by {platform}; the next listing decides.",
    Do.UNLISTED: "{title} has left the list of {platform} but can still be read there.",
    Do.ABSENT: "{title} is not on {platform} so far.",
    Do.NAMELESS: "{title} has no e-mail address on {platform} and stays there alone.",
    Do.AGAIN: "{title} was surely not created on {platform}; it will be created again.",
}


def _hide(name: str, pair: list[Any]) -> list[Any]:
    if name not in SECRET_FIELDS:
        return pair
    return ["(not shown)" if value else value for value in pair]
