"""A name that a platform holds as one; and what it has made of what we sent."""

from portal.sync import compare

NAMES = ("first_name", "last_name")


def name(first, last=""):
    return dict(zip(NAMES, (first, last), strict=True))


def merged(base_ours, base_theirs, ours, theirs, one=NAMES):
    return compare.merge(
        base_ours=base_ours,
        base_theirs=base_theirs,
        ours=ours,
        theirs=theirs,
        expected={},
        sendable=NAMES,
        together=one,
    )


def test_no_half_of_a_name_is_sent():
    """Ours is a last name alone, which a platform with one field shows as a first name."""
    found = merged(name("", "Old"), name("Old"), name("", "New"), name("Old"))
    assert found.push == set(NAMES)


def test_no_half_of_a_name_is_taken():
    found = merged(name("Björk"), name("Bob", "Brown"), name("Björk"), name("Bob", "Black"))
    assert found.take == name("Bob", "Black")
    assert not found.clashes


def test_a_word_of_ours_that_reads_as_the_other_half_is_taken_along():
    found = merged(name("", "Sukarno"), name("Sukarno"), name("", "Sukarno"), name("Sukarno", "B"))
    assert found.take == name("Sukarno", "B")


def test_what_stands_for_a_missing_half_is_not_taken_along():
    """The first name was made of the address, and a colleague added the last one."""
    found = merged(name(""), name("p15"), name(""), name("p15", "Brown"))
    assert found.take == {"last_name": "Brown"}


def test_where_names_stand_apart_each_is_for_itself():
    found = merged(name("Björk"), name("Bob", "Brown"), name("Björk"), name("Bob", "Black"), ())
    assert found.take == {"last_name": "Black"}


def test_a_whole_name_that_was_cut_is_ours():
    sent = name("Ann", "Name113")
    found = merged(sent, {}, sent, name("Ann", "Name11"))
    assert found.quiet
    assert (found.base_ours, found.base_theirs) == (sent, name("Ann", "Name11"))


def test_an_edit_after_sending_that_only_adds_is_still_sent():
    """The platform shows what was sent before: no cut of what is meant now."""
    sent, ours = {"title": "Autumn webinar"}, {"title": "Autumn webinar 2026"}
    found = compare.merge(
        base_ours=sent, base_theirs={}, ours=ours, theirs=sent, expected=ours, sendable=["title"]
    )
    assert found.push == {"title"}
    assert not found.take


def of_titles(base_theirs, ours, theirs):
    return compare.merge(
        base_ours={"title": ours},
        base_theirs=base_theirs,
        ours={"title": ours},
        theirs={"title": theirs},
        expected={"title": ours},
        sendable=["title"],
    )


def test_signs_written_as_html_are_no_news():
    """Neither after we sent it nor when a platform begins to write it so."""
    ours, theirs = "R&D <intro>", "R&amp;D &lt;intro&gt;"
    for base in ({}, {"title": ours}):
        found = of_titles(base, ours, theirs)
        assert found.quiet
        assert found.base_theirs == {"title": theirs}
    assert of_titles({"title": theirs}, ours, "Q&amp;A").take == {"title": "Q&amp;A"}
