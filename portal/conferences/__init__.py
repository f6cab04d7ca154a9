"""The heart: what is scheduled, who takes part, what they are told, who they are, what came of it.

Models at the bottom; above them five rooms, each of which imports only what is below it:

    results     sessions, attendance, recordings
    schedule    conferences: schedule, move, cancel; changes made on the platform
    audience    registrations, moderators, inviting, join links
    people      the reader of lists, import, merging, groups
    mails       who hears of what, letters, calendar entries, the queue, sending

and above the rooms `jobs`: what staff ask of them for many people, done by a worker part by part.

A room has services (each function is one verb: it checks who may and what can, and leaves a
trace), queries and forms. Every change is written together with its line of history and, where a
platform must hear of it, its outbox entry, in one transaction. Refusals are `NotPossible` and
change nothing. Pages import services, queries and forms only.
"""
