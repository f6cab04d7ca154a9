"""The rooms against real accounts: opt-in, reading first, then one throw-away webinar.

    LECTERN_LIVE_CLICKMEETING='{"credentials": {"api_key": "…"}}' pytest tests/live

One variable for each platform, named after its slug; beside `credentials` it may hold `base_url`
and `options`. Nothing is written unless LECTERN_LIVE_WRITES=yes: then a webinar in the next year is
made, renamed and deleted. LECTERN_LIVE_RECORDINGS names a folder that keeps each answer, with
people, secrets, addresses and texts replaced.
"""
