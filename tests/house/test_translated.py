"""Every text that a template shows is marked for translation, so that catalogues can follow; and
scripts hold no text of their own: it stands on the page, in an attribute."""

import re

from tests.house import HOME, mail_texts, name, templates

LETTERS = re.compile(r"[^\W\d_]{2,}")
MARKED = re.compile(
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{#.*?#}|{{.*?}}|{%.*?%}", re.DOTALL
)
TAG = re.compile(r"<[!/]?[A-Za-z](?:\"[^\"]*\"|'[^']*'|[^>\"'])*>", re.DOTALL)
VISIBLE = re.compile(r"\s(title|aria-label|placeholder|alt|data-label)\s*=\s*\"([^\"]*)\"")
# What a tag shows of what it is given: its first argument, or one of these.
SHOWING = re.compile(
    r"{%\s*(?:include|with|button|post_button|confirm|menu|card|badge|sort_header|when|field)\b.*?%}",
    re.DOTALL,
)
FIRST = re.compile(r"{%\s*(?!include|with|when|field)\w+\s+\"([^\"]*)\"")
GIVEN = re.compile(
    r"\s(?:text|title|label|note|hint|act|words|placeholder|consequence|reason|empty"
    r"|action_label|confirm_label)=\"([^\"]*)\""
)
ELSE = re.compile(r"\|default(?:_if_none)?:[\"']([^\"']*)[\"']|{%\s*firstof\b[^%]*\s\"([^\"]*)\"")
# Names, and words of the page's own machinery.
EXCEPTIONS = {
    "Lectern",
    "- Lectern",
    # Blocks of base templates that hold a class or a style
    *("wide", "font-weight:bold", "text-decoration:line-through;color:#52626a"),
    # Kinds, icons and types, which `default` and `firstof` give
    *("danger", "primary", "danger-quiet", "neutral", "pencil", "accent", "info"),
    *("submit", "outerHTML", "todo"),
}
SCRIPTS = sorted((HOME / "static/js").glob("*.js"))
LITERAL = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`",
    re.DOTALL,
)
# A word with a capital, or words one after the other; selectors and lists of classes hold signs.
SAID = re.compile(r"[A-Z][a-z]+|[\w,.'’]+(?: [\w,.'’:;?!]+)+$")
NOT_SAID = {
    "use strict",
    *("Escape", "Enter", "Home", "End"),  # keys
    "X-Requested-With",
    "Accept",
    "input, select, textarea",
}


def said_by_script(source):
    """The texts for people that stand in a script itself."""
    found = [next(filter(None, one.groups()), "") for one in LITERAL.finditer(source)]
    return [text for text in found if text not in NOT_SAID and SAID.match(text)]


def unmarked(source):
    """The texts of a template that nobody can translate."""
    texts = [found[2] for found in VISIBLE.finditer(MARKED.sub("", source))]
    for tag in SHOWING.findall(source):
        texts += FIRST.findall(tag) + GIVEN.findall(tag)
    texts += [text for found in ELSE.finditer(source) for text in found.groups() if text]
    plain = TAG.sub("\0", MARKED.sub("\0", source))
    texts += plain.split("\0")
    stripped = {" ".join(text.split()) for text in texts}
    return sorted(text for text in stripped - EXCEPTIONS if LETTERS.search(text))


def test_every_text_is_marked():
    found = {name(path): unmarked(path.read_text()) for path in (*templates(), *mail_texts())}
    assert not {path: texts for path, texts in found.items() if texts}


def test_scripts_hold_no_text():
    assert SCRIPTS
    found = {name(path): said_by_script(path.read_text()) for path in SCRIPTS}
    assert not {path: texts for path, texts in found.items() if texts}


def test_a_text_in_a_script_would_be_found():
    assert said_by_script('say("Try again"); // "Later"') == ["Try again"]
    assert said_by_script("button.textContent = 'Copy';") == ["Copy"]
    assert said_by_script("say(`It is gone: ${name}`)") == ["It is gone: ${name}"]
    assert said_by_script('say("that is no longer there")') == ["that is no longer there"]
    assert not said_by_script('find(":scope > .row, input[type=file]").open = texts().late;')


def test_unmarked_text_would_be_found():
    assert unmarked('<p class="stack">Hello</p>') == ["Hello"]
    assert unmarked('<a title="Go on"></a>{% button "Stop" icon="pause" %}') == ["Go on", "Stop"]
    assert unmarked('{% include "x.html" with text="No mail" %}') == ["No mail"]
    assert unmarked('{% with title="Delete it?" %}{% endwith %}') == ["Delete it?"]
    assert unmarked("{{ label|default:'Steps' }}{% firstof a \"nobody\" %}") == ["Steps", "nobody"]
    assert not unmarked('<p>{% translate "Hello" %}</p>{# Hello #}{{ hello }}')
    assert not unmarked("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}")
    assert not unmarked('{% button _("Stop") kind="danger" icon="pause" %}')
