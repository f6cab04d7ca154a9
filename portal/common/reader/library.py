"""What the library that checks addresses says, so far as it can be translated.

Its other sentences, which hardly anybody meets, are shown in its own words.
"""

from integrations.base.texts import say

PLAIN = (
    say("An email address must have an @-sign."),
    say("There must be something before the @-sign."),
    say("There must be something after the @-sign."),
    say("An email address cannot have two periods in a row."),
    say("An email address cannot have a period and a hyphen next to each other."),
    say("An email address cannot start with a period."),
    say("An email address cannot have a period immediately before the @-sign."),
    say("An email address cannot have a period immediately after the @-sign."),
    say("An email address cannot end with a period."),
    say("An email address cannot have a hyphen immediately after the @-sign."),
    say("An email address cannot end with a hyphen."),
    say("The part after the @-sign is not valid. It should have a period."),
    say("The part after the @-sign is not valid. It is not within a valid top-level domain."),
    say(
        "The part after the @-sign is a special-use or reserved name that cannot be used with "
        "email."
    ),
    say("Quoting the part before the @-sign is not allowed here."),
    say("A bracketed IP address after the @-sign is not allowed here."),
)
# With the signs that are meant
WITH_SIGNS = (
    say("The email address contains invalid characters before the @-sign: %(signs)s."),
    say("The part after the @-sign contains invalid characters: %(signs)s."),
    say("Internationalized characters before the @-sign are not supported: %(signs)s."),
)


def translatable(sentence: str) -> str:
    """A sentence of the library, as one that is marked where it is known."""
    for known in PLAIN:
        if sentence == known:
            return known
    for known in WITH_SIGNS:
        before = known.partition("%")[0]
        if sentence.startswith(before):
            return say(known, signs=sentence.removeprefix(before).removesuffix("."))
    return sentence
