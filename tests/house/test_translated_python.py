"""Every text for people in the portal's Python is marked for translation.

It is about what stands on pages, in mails, in the administration and in refusals. English stay the
texts for developers and operators: docstrings, log lines, exceptions that mean a mistake of ours,
settings, the answers of `manage.py check`, and management commands, which whoever reads
`docs/runbook.md` runs in a terminal.
"""

import ast
import re

import pytest

from tests.house import HOME, name, python_files

LAYERS = sorted(path.parent.name for path in (HOME / "portal").glob("*/__init__.py"))

PLAIN_MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy"}
# `say` marks what is translated later, in another process or at another time.
MARKS = PLAIN_MARKS | {"ngettext", "ngettext_lazy", "npgettext", "npgettext_lazy", "say"}
CONTEXTS = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
# What says its arguments to people, whatever these look like: one word is enough.
SAYING = {"NotPossible", "NotAllowed", "Stale", "ValidationError", "Unreadable", "NotYet"}
# The same of one argument alone, which has this place.
SAYING_AT = {"Sentence": 1, "add_error": 1, "message_user": 1, "Appearance": 0}
MESSAGES = {"success", "info", "warning", "error", "add_message"}
SHOWN = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "description"}
SHOWN |= {"short_description", "empty_value_display", "subject"}
CHOICES = {"TextChoices", "IntegerChoices", "Choices"}

# What developers and operators read.
SQL = re.compile(r"(?:SELECT|INSERT|UPDATE|DELETE|PRAGMA|SET|LOCK) ")
LOGGERS = {"log", "logger", "logging"}
MISTAKES = {"TypeError", "RuntimeError", "ImproperlyConfigured", "KeyError", "AssertionError"}
MISTAKES |= {"NotImplementedError", "LookupError", "CommandError", "OSError", "FieldError"}
MISTAKES |= {"LeaseTaken", "LeaseLost"}  # which no page shows
OPERATORS = {
    "portal/settings.py",
    "portal/common/checks.py",  # `manage.py check`
    "portal/common/commands.py",
    "portal/common/supervisor.py",  # the terminal in which the demo runs
    "portal/staff/demo_people.py",  # what the demo's database is filled with
}
COMMANDS = "management"

# Texts that look like texts for people, and are not.
EXCEPTIONS = {
    # Codes of acts in the history (`history.record`); pages have the words for them.
    *("link asked for", "list taken out", "recording asked for", "mail tried again"),
    *("mail left as it is", "joined a group", "left a group", "people not told", "saved as draft"),
    # The same of the sync's steps, and of how a conflict ended
    *("withdraw and make anew there", "edit wins over delete", "made anew there", "left the list"),
    *("registered once more", "not created so far", "no longer there", "was not created"),
    *("ask which it is", "ask which it is, after a restore", "ask whether it is there"),
    *("ask whether to make it, after a restore", "cannot be told apart", "no longer moved"),
    "left as it is",
    # What a line of history holds beside its sentence: a call, and the size of a file
    *("create X", "X bytes"),
    # A header for machines
    'Basic realm="Lectern"',
    # Which process is at it, as the log names it
    "X, process X",
    # Statements of `common.bulk`
    "ARRAY(SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s))",
    *("(SELECT unnest(%s::X[]))", "(SELECT value FROM json_each(%s))"),
    # Permissions' names, which Django keeps in the database and does not translate either.
    "Can look at everything (role Viewer)",
    "Can plan, invite and answer (role Event staff)",
    "Can connect accounts (role Administrator)",
    # The role itself, as code and documents name it; `roles.label` has the word for people.
    "Event staff",
    # Mistakes of ours, said with a ValueError, which the reader of lists has for people.
    *("There are two sentences X.", "a person without an address", "a mail of too many parts"),
}

PLACES = re.compile(r"%\((\w+)\)")
NAMELESS = re.compile(r"(?<!%)(?:%%)*%[sdrf]")
PLACE = "X"  # what an f-string puts in
LETTERS = re.compile(r"[^\W\d_]{2,}")
# A capital letter at the beginning, and another word.
PROSE = re.compile(r"\W*[^\W\d_a-zß-öø-ÿ][^\s<>=]*\s(?:.*\s)?\W*[a-zß-öø-ÿ]{2,}", re.DOTALL)
# Parts of sentences that are put together: three words in small letters, or one beside a place.
PARTS = re.compile(
    r"(?=.*[a-z]{3})\W*(?:[a-z']+[,;:]? ){2,}[a-z']+\W*"
    r"|.*\bX,? [a-z]{2,}.*"
    r"|.*\b[a-z]{2,} “?X\b.*"
)


def last_name(node):
    """`b` of `a.b` and of `b`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def words_of(node):
    """The text of a literal, with a place for what an f-string puts in; None of anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(words_of(part) or PLACE for part in node.values)
    return None


def is_for_people(node, text):
    """Whether a literal reads as a sentence, or as a part of one."""
    if SQL.match(text) or not LETTERS.search(text.replace(PLACE, "")):
        return False
    part = isinstance(node, ast.JoinedStr) or PLACE not in text
    return bool(PROSE.match(text) or (part and PARTS.fullmatch(text)))


class Finder(ast.NodeVisitor):
    """Collects (line, text) of each text for people that nobody can translate."""

    def __init__(self):
        self.found = []
        self.shown = False  # within what is said to people, one word is enough

    def meet(self, nodes, shown=False):
        """Visit nodes that are said to people as they stand (or not)."""
        before, self.shown = self.shown, shown
        for node in nodes:
            text = words_of(node)
            if text is None:
                self.visit(node)
            elif is_for_people(node, text) or (shown and LETTERS.search(text.replace(PLACE, ""))):
                self.found.append((node.lineno, text))
        self.shown = before

    def generic_visit(self, node):
        self.meet(ast.iter_child_nodes(node))

    def passing(self, node):
        """What holds its parts as it is held itself."""
        self.meet(ast.iter_child_nodes(node), self.shown)

    visit_BoolOp = visit_BinOp = visit_List = visit_Tuple = visit_Starred = passing

    def visit_Expr(self, node):
        if words_of(node.value) is None:  # else it is a docstring
            self.meet([node.value])

    def visit_FunctionDef(self, node):
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        self.meet([*node.decorator_list, *defaults, *node.body])

    def visit_ClassDef(self, node):
        bases = set(map(last_name, node.bases))
        self.meet(node.decorator_list)
        for one in [] if "AppConfig" in bases else node.body:
            if bases & CHOICES and isinstance(one, ast.Assign) and isinstance(one.value, ast.Tuple):
                self.meet(one.value.elts[1:], shown=True)
            else:
                self.meet([one])

    def visit_Assign(self, node):
        self.meet([node.value], shown=bool(SHOWN & set(map(last_name, node.targets))))

    def visit_AnnAssign(self, node):
        if node.value:
            self.meet([node.value], shown=last_name(node.target) in SHOWN)

    def visit_Subscript(self, node):
        self.meet([node.value])  # and not its key, or a type in quotation marks

    def visit_Dict(self, node):
        self.meet(node.values)  # keys are for the program

    def visit_IfExp(self, node):
        self.meet([node.test])
        self.meet([node.body, node.orelse], self.shown)

    def visit_Call(self, node):
        name, of = last_name(node.func), last_name(getattr(node.func, "value", None))
        if name in MARKS:
            wrong = filter(put_together, node.args)
            self.found += [(node.lineno, ast.unparse(one)) for one in wrong]
            self.meet(one.value for one in node.keywords)
        elif of not in LOGGERS and name not in MISTAKES:
            says = name in SAYING or (of == "messages" and name in MESSAGES)
            self.meet([node.func])
            for place, one in enumerate(node.args):
                self.meet([one], says or SAYING_AT.get(name) == place)
            for one in node.keywords:
                self.meet([one.value], one.arg in SHOWN)


def put_together(node):
    """Whether a text is put together before it is looked up, so that no catalogue can hold it."""
    parts = ast.walk(node) if isinstance(node, ast.BinOp) else ()
    return isinstance(node, ast.JoinedStr) or any(map(words_of, parts))


def unmarked(tree):
    """(line, text) of each text for people that nobody can translate."""
    finder = Finder()
    finder.visit(tree)
    return finder.found


def is_for_operators(path):
    """Whether the people who read its texts run the portal, and do not use it."""
    return name(path) in OPERATORS or COMMANDS in path.parts


@pytest.mark.parametrize("layer", LAYERS)
def test_every_text_is_marked(layer):
    found = {}
    for path in filter(lambda one: not is_for_operators(one), python_files(f"portal/{layer}")):
        texts = [one for one in unmarked(ast.parse(path.read_text())) if one[1] not in EXCEPTIONS]
        if texts:
            found[name(path)] = texts
    assert not found


def test_exceptions_are_in_use():
    said = [
        text for path in python_files("portal") for _, text in unmarked(ast.parse(path.read_text()))
    ]
    assert not EXCEPTIONS - set(said)
    assert all((HOME / one).exists() for one in OPERATORS)


def marked(tree):
    """(line, words, names of what is put in at once, if anything is) of each marked text."""
    filled = {
        id(node.left): set(map(words_of, node.right.keys))
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Dict)
    }
    for node in ast.walk(tree):
        mark = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if mark in MARKS - CONTEXTS:
            words = [text for text in map(words_of, node.args[:2]) if text is not None]
            given = {one.arg for one in node.keywords} if mark == "say" else set()
            yield node.lineno, words, filled.get(id(node)) or given


def unfilled(tree):
    """Marked texts with a place without a name, or one that what is put in at once lacks."""
    found = []
    for line, words, given in marked(tree):
        places = {place for text in words for place in PLACES.findall(text)}
        if (given and places - given) or any(map(NAMELESS.search, words)):
            found.append((line, words[0]))
    return found


def test_every_place_is_filled():
    files = python_files("portal")
    found = {name(path): unfilled(ast.parse(path.read_text())) for path in files}
    assert not {path: texts for path, texts in found.items() if texts}


def test_a_place_that_is_not_filled_would_be_found():
    assert unfilled(ast.parse('_("%(a)s is gone.") % {"b": 1}'))
    assert unfilled(ast.parse('_("%s is gone.") % name'))
    assert unfilled(ast.parse('say("%(a)s is gone.", b=1)'))
    assert unfilled(ast.parse('ngettext("%(n)d is.", "%(m)d are.", n) % {"n": n}'))
    assert not unfilled(ast.parse('_("%(a)s is gone, %(b)d left.") % {"a": 1, "b": 2}'))


def test_one_singular_has_one_plural():
    """A catalogue holds one of them, and what it says must fit wherever it is looked up."""
    plurals = {}
    for path in python_files("portal"):
        for _, words, _ in marked(ast.parse(path.read_text())):
            if len(words) == 2:  # of ngettext
                plurals.setdefault(words[0], set()).add(words[1])
    assert len(plurals) > 20
    assert not {one: many for one, many in plurals.items() if len(many) > 1}


@pytest.mark.parametrize(
    "source",
    [
        'raise NotPossible("Gone")',
        'raise NotPossible(f"{name} is gone.")',
        'raise NotPossible(TEXT if gone else "Gone")',
        'raise forms.ValidationError("Too long")',
        'messages.success(request, "Saved")',
        'self.message_user(request, "Saved", messages.SUCCESS)',
        'self.add_error("name", "Missing")',
        'A = forms.CharField(label="Name")',
        'A = models.CharField(help_text="Name", verbose_name="Name")',
        '@admin.display(description="name")\ndef f(self): pass',
        'class State(models.TextChoices):\n    NEW = "new", "New"',
        'A = Sentence("a.code", "Gone")',
        'mail.subject = "Changed"',
        'def f():\n    return "The webinar is over."',
        'A = {"a": "Not sent"}',
        'A = ("a", "Anyone with the link")',
        'a = f"{count} of {total}"',
        'a = f" and on {platform}"',
        '_(f"{name} is gone.")',
        '_("%s is" % name + " gone.")',
        '_("Fine.") % {"a": "Not fine."}',
    ],
)
def test_unmarked_text_would_be_found(source):
    assert unmarked(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        '"""Says what it does."""',
        'raise NotPossible(_("Gone"))',
        'raise NotPossible(_("%(name)s is gone.") % {"name": name})',
        'raise NotPossible(ngettext("%(count)d is gone.", "%(count)d are gone.", count))',
        'raise ImproperlyConfigured("It has to be set.")',
        'log.warning("The mail %s could not be sent", pk)',
        'self.add_error("name", _("Missing"))',
        'class State(models.TextChoices):\n    NEW = "new", _("New")',
        'def f(one: "Text | str") -> "Text | str": pass',
        'A = Sentence("a.code", _("Gone"))',
        'cursor.execute("SELECT now()")',
        'a = f"{first} {last}"',
        'a = f"{name}-{number}"',
        'a = rows["First name"]',
    ],
)
def test_marked_text_is_none_of_them(source):
    assert not unmarked(ast.parse(source))
