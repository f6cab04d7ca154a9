"""Two made-up platforms, so that nothing is written for a real one: one can much, one little."""

from integrations import registry
from integrations.base.adapter import Room
from integrations.base.capabilities import (
    Capabilities,
    FieldRule,
    KindCapability,
    OptionRule,
    no,
    yes,
)
from integrations.base.records import FLAG, TEXT, WHOLE, Kind

ROLES = (("host", "Host"), ("presenter", "Presenter"))
OPTIONS = (
    OptionRule("lobby", "Lobby", FLAG, "People wait until it begins."),
    OptionRule("seats", "Seats", WHOLE, rule=FieldRule(minimum=2, maximum=500)),
    OptionRule("thanks", "Thank-you page", TEXT, rule=FieldRule(maximum=80)),
    OptionRule("skin", "Skin", TEXT, rule=FieldRule(choices=(("1", "Blue"), ("2", "Green")))),
)
PLENTY = Capabilities(
    slug="plenty",
    name="Plenty",
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(),
            get=yes(),
            create=yes(),
            update=yes(),
            delete=yes(),
            fields={
                "title": FieldRule(required=True, maximum=400),
                "description": FieldRule(maximum=160, sentence="Shown in the lobby."),
                "starts_at": FieldRule(),
                "duration_minutes": FieldRule(minimum=5, maximum=600),
                "timezone": FieldRule(),
                "permanent": FieldRule(),
                "room_type": FieldRule(on_update=False),
                "access": FieldRule(),
                "password": FieldRule(),
                "open": FieldRule(on_create=False),
                "registration_enabled": FieldRule(),
            },
            natural_key=("title", "starts_at"),
            marked=True,
        ),
        Kind.MODERATOR: KindCapability(
            list=yes(),
            create=yes(),
            update=yes(),
            delete=yes(),
            fields={"email": FieldRule(), "name": FieldRule(), "role": FieldRule(choices=ROLES)},
        ),
        Kind.REGISTRATION: KindCapability(list=yes(), create=yes(), delete=yes()),
        Kind.SESSION: KindCapability(list=yes()),
        Kind.ATTENDANCE: KindCapability(list=yes()),
        Kind.RECORDING: KindCapability(list=yes(), delete=yes("It is deleted on Plenty.")),
    },
    options=OPTIONS,
    cancel_sentence="Deletes the room on Plenty for good.",
    close_sentence="Closes the room on Plenty; nobody can enter it.",
)
NO_EDITS = "Sparse shows webinars and takes none: make them in its own panel."
SPARSE = Capabilities(
    slug="sparse",
    name="Sparse",
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(),
            create=no(NO_EDITS),
            update=no(NO_EDITS),
            delete=no(NO_EDITS),
            fields={"title": FieldRule(required=True, maximum=40)},
        ),
        Kind.MODERATOR: KindCapability(create=no("Sparse has no moderators.")),
    },
)
# As sparse in its fields, but it takes webinars.
NARROW = Capabilities(
    slug="narrow",
    name="Narrow",
    kinds={
        Kind.CONFERENCE: KindCapability(
            list=yes(),
            create=yes(),
            update=yes(),
            delete=yes(),
            fields={
                "title": FieldRule(required=True, maximum=40),
                "starts_at": FieldRule(),
                "duration_minutes": FieldRule(minimum=15, maximum=90),
                "timezone": FieldRule(),
            },
        ),
        Kind.MODERATOR: KindCapability(
            create=yes(),
            update=no("Narrow changes no roles."),
            delete=no("Narrow takes no link back."),
        ),
    },
)


def furnish(monkeypatch) -> None:
    """Put the made-up platforms into the registry for one test."""
    real = registry.room
    rooms = {
        c.slug: Room(c, (), (), "http://127.0.0.1:1", open=None) for c in (PLENTY, SPARSE, NARROW)
    }
    monkeypatch.setattr(registry, "room", lambda slug: rooms.get(slug) or real(slug))
