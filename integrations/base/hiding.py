"""Patterns for what must not be read in a text: what stands behind a telling name, and addresses.

Texts come from platforms, so each pattern takes time in proportion to the text, whatever is in it.
"""

import re
from collections.abc import Callable

# What an address may be made of, also as JSON (`\\u00eb`), a URL (`%2B`) or HTML (`&#43`) has it.
_SIGNS = r"\w.!#$%&'*+/=?^`{|}~\\\-"
_RUN = re.compile(rf"[{_SIGNS}@]+")
_AT = re.compile(rf"(?i)[{_SIGNS}](?:@|%40|\\u0040|&#64|&#x40|&commat)")


def secrets_hider(names: str, word: str) -> Callable[[str], str]:
    """What puts `word` in the place of each value behind one of the names (a pattern).

    In quotes all of it is hidden, however short and with whatever spaces, to the end of the text
    where the quotes are not closed. Without quotes nothing tells where a value ends, or that a word
    of a sentence is none: it is hidden up to a space, from one sign on behind `=`, else from four.
    """
    # No possessive groups: Python 3.11 lets them take a sign too many.
    pattern = re.compile(
        rf"(?is)(?P<head>(?:{names})(?:\\*+[\"'])?\s*+[:=]\s*+)(?:"
        r"(?P<double>\")(?:[^\"\\]|\\.)+"
        r"|(?P<single>')(?:[^'\\]|\\.)+"
        # Quotes within quotes: those with as many backslashes before them close.
        r"|(?P<inner>\\++[\"'])(?:(?!(?<!\\)(?P=inner)).)+"
        r"|(?P<scheme>(?:bearer|basic)\s++)[^\s\"'&,}]++"
        r"|(?:(?<==)[^\s\"'&,}]++|[^\s\"'&,}]{4,}+))"
    )

    def put(found: re.Match[str]) -> str:
        begun = ("double", "single", "inner", "scheme")
        return found["head"] + next((found[n] for n in begun if found[n]), "") + word

    return lambda text: pattern.sub(put, text)


def without_addresses(text: str) -> str:
    """A text without addresses of people, also where one is cut off behind its `@`."""
    return _RUN.sub(lambda run: "[address]" if _AT.search(run[0]) else run[0], text)
