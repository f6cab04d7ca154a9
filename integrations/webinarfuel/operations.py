"""Every operation of WebinarFuel's document, and where staff reach it. It names no addresses."""

from integrations.base.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation("webinars: list", "GET webinars", "list_webinars", "the list of webinars"),
    Operation("webinars: get", "GET webinars/:id", "get_webinar", "a webinar's page, coming dates"),
    Operation("registrants: list", "GET registrants", "list_registrants", "people and groups"),
    Operation(
        "registrants: create or update",
        "POST registrants",
        "create_registrant",
        "registering someone for a webinar",
    ),
    Operation(
        "registrants: get", "GET registrants/:id", "get_registrant", "a person, before a change"
    ),
    Operation(
        "registrants: update",
        "PUT registrants/:id",
        "update_registrant",
        "changing a person's names or phone",
    ),
    Operation(
        "registrants: add tags",
        "POST registrants: add tags",
        "add_tags",
        "adding someone to a group, beginning a new tag",
    ),
    Operation(
        "registrants: remove tags",
        "POST registrants: remove tags",
        "remove_tags",
        "taking someone out of a group",
    ),
    Operation(
        "registrants: create by OneClick",
        "GET oneclick",
        "create_by_oneclick",
        "the action “Register by OneClick” of a webinar",
    ),
    Operation(
        "registrant sessions: list",
        "GET registrant sessions",
        "list_registrant_sessions",
        "registrations, sessions and attendance of a webinar",
    ),
    Operation(
        "registrant sessions: get",
        "GET registrant sessions/:cid",
        "get_registrant_session",
        "one date of a registration, one attendance",
    ),
)
