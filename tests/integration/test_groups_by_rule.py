"""Groups by rule: who fits what, the form without script, and everywhere a group is chosen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.common import clock
from portal.common.errors import NotAllowed, NotPossible
from portal.conferences.models import Attendee, AttendeeGroup, Change, Membership
from portal.conferences.people import queries
from portal.conferences.people.forms.groups import RuleForm
from portal.conferences.people.services import clauses, fields, imports, selection, tags
from portal.conferences.people.services import groups as service
from portal.conferences.people.services.selection import Selection
from portal.identity import roles
from portal.outbox.models import OutboxEntry
from portal.sync.kinds import KINDS
from tests.factories import (
    AccountFactory,
    AttendeeFactory,
    ConferenceFactory,
    GroupFactory,
    RegistrationFactory,
    SeriesFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_as):
    return client_as(roles.STAFF)


@pytest.fixture
def world(staff_user):
    """Ann fits nearly all, Bob little, Cem nothing."""
    ann = AttendeeFactory(
        email="ann@press.example.com", company="Müller & Söhne", country="DE", first_name="Ann"
    )
    bob = AttendeeFactory(email="bob@example.com", company="Muller", first_name="Bob")
    cem = AttendeeFactory(email="cem@notexample.com", first_name="Cem")
    tags.change(ann, ["VIP"], staff_user)
    level = fields.create("Level", "choice", ["Gold", "Silver"], None)
    Attendee.objects.filter(pk=ann.pk).update(own={str(level.pk): "Gold"})
    ann.refresh_from_db()
    ann.save()
    held = ConferenceFactory(title="Spring", starts_at=clock.now() - timedelta(days=3))
    other = ConferenceFactory(title="Autumn", account=held.account)
    RegistrationFactory(conference=held, attendee=ann)
    RegistrationFactory(conference=held, attendee=bob, removed_at=clock.now())
    RegistrationFactory(conference=other, attendee=bob)
    held.sessions.create(starts_at=held.starts_at).attendances.create(attendee=ann, name="Ann")
    return {
        "people": [ann, bob, cem],
        "held": held,
        "other": other,
        "tag": ann.tags.get(),
        "level": f"own:{level.pk}",
    }


def fitting(*pairs, join="all"):
    rule = clauses.rule_of(join, [{"what": what, "value": value} for what, value in pairs])
    return [person.first_name for person in clauses.people(rule).order_by("first_name")]


def test_who_fits_each_sort_of_clause(world):
    held, other, tag = world["held"].pk, world["other"].pk, world["tag"].pk
    account = world["held"].account_id
    series = SeriesFactory(title="Course")
    world["held"].series = series
    world["held"].save()
    empty = SeriesFactory(title="Empty")
    asked = {
        ("company_is", "MULLER & SOHNE"): ["Ann"],
        ("company_is", "Muller"): ["Bob"],
        ("company_has", "müll"): ["Ann", "Bob"],
        ("domain", "example.com"): ["Bob"],
        ("domain", "press.example.com"): ["Ann"],
        ("country", "DE"): ["Ann"],
        ("tag", tag): ["Ann"],
        ("no_tag", tag): ["Bob", "Cem"],
        ("registered", held): ["Ann"],
        ("not_registered", held): ["Bob", "Cem"],
        ("registered_on", account): ["Ann", "Bob"],
        ("registered_series", series.pk): ["Ann"],
        ("registered_series", empty.pk): [],
        ("attended_series", series.pk): ["Ann"],
        ("attended_series", empty.pk): [],
        ("attended", held): ["Ann"],
        ("attended", other): [],
        ("not_attended", held): ["Bob", "Cem"],
        ("attended_on", account): ["Ann"],
        (world["level"], "gold"): ["Ann"],
        (world["level"], "Silver"): [],
        (world["level"], ""): ["Ann"],
        ("own:999999", "x"): [],
        ("nonsense", "x"): [],
    }
    assert {pair: fitting(pair) for pair in asked} == asked
    assert {what for what, _value in asked} >= clauses.KINDS.keys()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_all_is_the_intersection_and_any_the_union(world, data):
    held, tag = world["held"].pk, world["tag"].pk
    pairs = st.sampled_from(
        [
            ("company_has", "mull"),
            ("domain", "example.com"),
            ("no_tag", tag),
            ("tag", tag),
            ("registered", held),
            ("not_registered", held),
            ("attended", held),
            (world["level"], ""),
            ("nonsense", ""),
        ]
    )
    chosen = data.draw(st.lists(pairs, min_size=1, max_size=5))
    each = [set(fitting(pair)) for pair in chosen]
    assert set(fitting(*chosen)) == set.intersection(*each)
    assert set(fitting(*chosen, join="any")) == set.union(*each)


def test_a_rule_is_bounded_and_never_means_everybody():
    for wrong in ([], [{"what": "tag", "value": 1}] * 11):
        with pytest.raises(NotPossible):
            clauses.rule_of("all", wrong)
    assert not clauses.people({"join": "all", "clauses": []}).exists()


def made(world, staff_user, *pairs, name="Fitting"):
    pairs = pairs or (("company_has", "mull"),)
    rule = clauses.rule_of("all", [{"what": what, "value": value} for what, value in pairs])
    return service.create_by_rule(name, "", rule, staff_user)


# The form -------------------------------------------------------------------------------------


def test_a_rule_is_built_without_script(staff, url, world):
    page = url("group-rule-new")
    assert b"No line yet" in staff.get(page).content
    typed = {"name": "Good customers", "description": "", "join": "all"}
    answer = staff.post(page, typed | {"action": "add", "more": "company_has"})
    assert [line.what for line in answer.context["form"].lines] == ["company_has"]
    assert answer.context["form"]["name"].value() == "Good customers"
    assert b"This field is required" not in answer.content
    lines = {"what": ["company_has", "tag"], "value": ["mull", ""]}
    answer = staff.post(page, typed | lines | {"action": "count"})
    assert answer.context["fits"] is None
    lines["value"][1] = "vip"
    answer = staff.post(page, typed | lines | {"action": "count"})
    assert answer.context["fits"]["count"] == 1
    answer = staff.post(page, typed | lines | {"without": "1"})
    assert [line.what for line in answer.context["form"].lines] == ["company_has"]
    assert answer.context["fits"]["count"] == 2
    answer = staff.post(page, typed | lines | {"action": "save"})
    group = AttendeeGroup.objects.get()
    assert answer["Location"] == url("group", group.pk)
    assert group.rule == {
        "join": "all",
        "clauses": [
            {"what": "company_has", "value": "mull"},
            {"what": "tag", "value": world["tag"].pk},
        ],
    }
    assert (group.account, Membership.objects.count()) == (None, 0)
    again = staff.get(url("group-rule", group.pk)).context["form"]
    assert [(line.what, line.value) for line in again.lines] == [
        ("company_has", "mull"),
        ("tag", "VIP"),
    ]


def test_the_count_alone_answers_what_is_typed(staff, url, world):
    sent = {"what": "company_has", "value": "mull", "action": "count"}
    answer = staff.post(url("group-rule-new"), sent, headers={"hx-request": "true"})
    text = answer.content.decode()
    assert "2 people fit now" in text
    assert "<form" not in text


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("company_is", " ", "Write something"),
        ("company_is", "a\x00", "cannot be used"),
        ("company_is", "x" * 201, "at most 200 characters"),
        ("country", "Germany", "Two letters"),
        ("tag", "none", "There is no tag of this name"),
        ("registered", "none", "There is no webinar of this title"),
        ("registered", "#" + "9" * 30, "There is no webinar of this title"),
        ("attended_on", "", "Choose one"),
        ("attended_on", "x", "Choose one"),
    ],
)
def test_what_no_line_can_hold_is_refused_beside_it(staff, url, world, what, value, said):
    sent = {"name": "X", "join": "all", "what": what, "value": value, "action": "save"}
    answer = staff.post(url("group-rule-new"), sent)
    assert answer.status_code == 422
    assert said in answer.context["form"].lines[0].error
    assert not AttendeeGroup.objects.exists()


def test_junk_in_the_form(staff, url, world):
    page = url("group-rule-new")
    for sent in (
        {"action": "save", "name": "X", "join": "all"},
        {"action": "save", "name": "X", "join": "nonsense", "what": "country", "value": "DE"},
        {"action": "save", "name": "", "join": "all", "what": "country", "value": "DE"},
        {"action": "save", "name": "X", "join": "all", "what": "own:77", "value": "x"},
    ):
        assert staff.post(page, sent).status_code == 422, sent
    many = {"what": ["country"] * 50, "value": ["DE"] * 50, "action": "add", "more": "tag"}
    assert len(staff.post(page, many).context["form"].lines) == clauses.MOST_CLAUSES
    for remove in ("x", "-1", "9" * 30, "٣"):
        assert staff.post(page, {"without": remove, "what": "tag", "value": "x"}).status_code == 200
    assert not AttendeeGroup.objects.exists()


def test_a_webinar_is_named_by_what_the_box_offers_or_by_its_title(world):
    held = world["held"]
    ConferenceFactory(title="Twice")
    ConferenceFactory(title="twice")
    offered = next(one for one in clauses.webinars_offered() if one.endswith(f"#{held.pk}"))
    assert clauses.checked("attended", offered, {})["value"] == held.pk
    assert clauses.checked("attended", "SPRING", {})["value"] == held.pk
    with pytest.raises(ValueError, match="Several webinars"):
        clauses.checked("attended", "Twice", {})


def test_a_series_is_named_by_what_the_box_offers_or_by_its_title(world, staff, url):
    one, other = (SeriesFactory(title="Course") for _ in range(2))
    single = SeriesFactory(title="Talks")
    offered = next(text for text in clauses.series_offered() if text.endswith(f"#{other.pk}"))
    found = clauses.checked("registered_series", offered, {})
    assert found["value"] == other.pk
    assert clauses.typed(clauses.rule_of("all", [found])) == [("registered_series", offered)]
    assert clauses.checked("attended_series", "talks", {})["value"] == single.pk
    for text, said in (("Course", "Several series"), ("Nothing", "no series"), (str(one.pk), "no")):
        with pytest.raises(ValueError, match=said):
            clauses.checked("registered_series", text, {})
    rule = clauses.rule_of("all", [found])
    assert clauses.described(rule) == ["they are registered for a date of “Course”"]
    RegistrationFactory(conference__series=other, attendee=world["people"][2])
    assert fitting(("registered_series", other.pk)) == ["Cem"]
    other.delete()
    assert fitting(("registered_series", found["value"])) == []
    sent = {"action": "add", "more": "registered_series", "name": "Talks", "join": "all"}
    page = staff.post(url("group-rule-new"), sent).content.decode()
    assert 'list="series"' in page
    assert f"#{single.pk}" in page


def test_a_title_that_ends_in_a_number_is_no_key(world):
    held = world["held"]
    named = ConferenceFactory(title=f"Course #{held.pk}")
    assert clauses.checked("attended", f"Course #{held.pk}", {})["value"] == named.pk
    for text in (f"#{held.pk}", str(held.pk), f"Other #{held.pk}"):
        with pytest.raises(ValueError, match="no webinar"):
            clauses.checked("attended", text, {})


def test_who_is_only_invited_or_waits_is_not_registered(world):
    held, cem = world["held"], world["people"][2]
    row = RegistrationFactory(conference=held, attendee=cem, stage="invited")
    account = held.account_id
    for stage in ("invited", "approval", "waitlisted"):
        type(row).objects.filter(pk=row.pk).update(stage=stage)
        assert fitting(("registered", held.pk)) == ["Ann"]
        assert fitting(("registered_on", account)) == ["Ann", "Bob"]
        assert fitting(("not_registered", held.pk)) == ["Bob", "Cem"]


# Where groups are used ------------------------------------------------------------------------


def test_its_page_shows_the_rule_the_count_and_the_people(staff, url, world, staff_user):
    held = world["held"]
    group = made(world, staff_user, ("company_has", "mull"), ("not_registered", held.pk))
    text = staff.get(url("group", group.pk)).content.decode()
    said = "Whoever fits: “mull” occurs in the company and they are not registered for “Spring”."
    assert said in text
    assert "1 person fits now" in text
    assert "bob@example.com" in text
    assert "ann@press" not in text
    assert "by rule" in staff.get(url("groups")).content.decode()
    assert staff.get(url("group-edit", group.pk))["Location"] == url("group-rule", group.pk)
    assert "The rule is forgotten" in staff.get(url("group-delete", group.pk)).content.decode()


def test_whoever_fits_at_that_moment_is_invited(staff, url, world, staff_user):
    group = made(world, staff_user)
    coming = ConferenceFactory(account=AccountFactory(platform="trueconf"))
    page = url("invite", coming.pk)
    preview = staff.post(page, {"group": group.pk, "who": "", "action": "preview"})
    assert b"Bob" in preview.content
    dan = AttendeeFactory(first_name="Dan", company="Mull")
    sent = {"group": group.pk, "who": "", "action": "send", "tell": "no", "switch_on": "on"}
    staff.post(page, sent)
    assert set(coming.registrations.values_list("attendee__first_name", flat=True)) == {
        "Ann",
        "Bob",
        "Dan",
    }
    assert dan.memberships.count() == 0
    by_name = selection.gather("Fitting")
    assert len(by_name.people) == 3


def test_the_list_and_files_are_filtered_by_it(staff, url, world, staff_user):
    group = made(world, staff_user)
    page = staff.get(url("people"), {"group": group.pk}).context["page"]
    assert {row.first_name for row in page} == {"Ann", "Bob"}
    file = b"".join(staff.get(url("people-export"), {"group": group.pk}).streaming_content)
    assert file.count(b"\n") == 3
    assert not queries.found(group="999999").exists()


def test_the_page_of_a_person_names_the_rules_that_they_fit(staff, url, world, staff_user):
    ann, bob, _cem = world["people"]
    made(world, staff_user, (world["level"], ""), name="With a level")
    made(world, staff_user, ("domain", "example.com"), name="At example")
    GroupFactory(name="A list").members.add(ann)
    assert [one.name for one in queries.groups_of(ann)] == ["A list", "With a level"]
    assert [one.name for one in queries.groups_of(bob)] == ["At example"]
    assert b"With a level" in staff.get(url("person", ann.pk)).content


def test_nobody_is_put_into_it_or_taken_out(staff, url, world, staff_user):
    ann = world["people"][0]
    group = made(world, staff_user)
    sent = {"who": "new@example.com", "action": "add"}
    staff.post(url("group-members", group.pk), sent)
    staff.post(url("group-members", group.pk), {"action": "remove", "member": ann.pk})
    for act in (
        lambda: service.add(group, Selection(people=[ann]), staff_user),
        lambda: service.take_out(group, [ann.pk], staff_user),
    ):
        with pytest.raises(NotPossible, match="follows from its rule"):
            act()
    offered = staff.get(url("people-import")).context["form"].fields["group"].queryset
    assert not offered.filter(pk=group.pk).exists()
    token = imports.prepare(by=staff_user, text="new@example.com", new_group="fitting")
    with pytest.raises(NotPossible, match="follows from its rule"):
        imports.apply(imports.load(token, staff_user), staff_user)
    assert not Membership.objects.exists()


def test_the_sync_never_sees_one(world, staff_user):
    group = made(world, staff_user)
    for account in {world["held"].account, AccountFactory(platform="myownconference")}:
        mirror = KINDS["group"].mirror
        assert not mirror.rows(account, None).filter(pk=group.pk).exists()
    service.change_rule(group, "Other", "", group.rule, staff_user)
    service.delete(group, staff_user)
    assert not OutboxEntry.objects.filter(kind="group").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendeeGroup.objects.create(name="X", account=AccountFactory(), rule={"clauses": []})


def test_history_keeps_a_rule_in_words(world, staff_user):
    group = made(world, staff_user, ("tag", world["tag"].pk))
    rule = clauses.rule_of("any", [{"what": "country", "value": "DE"}])
    service.change_rule(group, "Fitting", "", rule, staff_user)
    service.change_rule(group, "Fitting", "", rule, staff_user)  # nothing new
    changed, created = Change.objects.filter(kind="group", local_id=group.pk)
    assert created.after == {"name": "Fitting", "rule": "the tag “VIP” is on them"}
    assert changed.after == {"rule": "the country is DE"}


def test_a_rule_follows_a_merged_tag_and_says_that_one_was_deleted(staff, url, world, staff_user):
    ann = world["people"][0]
    group = made(world, staff_user, ("tag", world["tag"].pk))
    tags.change(ann, ["Press"], staff_user)
    tags.merge(ann.tags.get(name="Press"), world["tag"], staff_user)
    group.refresh_from_db()
    assert [row.pk for row in selection.members(group)] == [ann.pk]
    tags.delete(ann.tags.get(), staff_user)
    assert "“(deleted)”" in staff.get(url("group", group.pk)).content.decode()
    assert not selection.members(group).exists()


def test_what_asks_for_a_row_that_is_gone_fits_nobody_either_way(world, staff_user):
    gone = ConferenceFactory()
    pairs = [("not_registered", gone.pk), ("not_attended", gone.pk), ("no_tag", world["tag"].pk)]
    assert [len(fitting(pair)) for pair in pairs] == [3, 3, 2]
    gone.delete()
    tags.delete(world["tag"], staff_user)
    assert [fitting(pair) for pair in pairs] == [[], [], []]
    assert fitting(*pairs, ("country", "DE"), join="any") == ["Ann"]


def test_who_deletes_a_tag_or_a_column_reads_which_groups_ask_for_it(
    client_as, url, world, staff_user
):
    boss = client_as(roles.ADMINISTRATOR)
    tag, column = url("tag-delete", world["tag"].pk), url("column-delete", world["level"][4:])
    assert b"nobody will fit" not in boss.get(tag).content + boss.get(column).content
    made(world, staff_user, ("no_tag", world["tag"].pk), name="Without it")
    made(world, staff_user, (world["level"], "Gold"), name="Golden")
    assert b"nobody will fit that line: Without it." in boss.get(tag).content
    assert b"nobody will fit that line: Golden." in boss.get(column).content


def test_viewers_read_and_make_none(client_as, url, world, staff_user, viewer_user):
    group = made(world, staff_user)
    viewer = client_as(roles.VIEWER)
    assert viewer.get(url("group", group.pk)).status_code == 200
    for page in (url("group-rule-new"), url("group-rule", group.pk)):
        assert viewer.get(page).status_code == 403
        assert viewer.post(page, {"action": "save"}).status_code == 403
    for act in (
        lambda: service.create_by_rule("X", "", group.rule, viewer_user),
        lambda: service.change_rule(group, "X", "", group.rule, viewer_user),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_group_that_is_too_large_to_invite_at_once_says_so(world, staff_user, monkeypatch):
    group = made(world, staff_user)
    monkeypatch.setattr(selection, "MOST_PEOPLE", 1)
    with pytest.raises(NotPossible, match="more than 1 people"):
        selection.gather(group_ids=[group.pk])


def test_statements_do_not_grow_with_people_or_groups(world, staff_user, staff, url):
    group = made(world, staff_user, ("company_has", "mull"), ("not_registered", world["held"].pk))

    def statements():
        found = []
        for page in (url("group", group.pk), url("groups"), url("person", world["people"][0].pk)):
            with CaptureQueriesContext(connection) as seen:
                assert staff.get(page).status_code == 200
            found.append(len(seen))
        return found

    statements()
    few = statements()
    for n in range(10):
        made(world, staff_user, ("country", "PL"), name=f"Rule {n}")
    Attendee.objects.bulk_create(
        Attendee(email=f"m{n}@example.com", company="Mull") for n in range(300)
    )
    many = statements()
    assert all(after <= before + 1 for before, after in zip(few, many, strict=True)), (few, many)
    assert max(many) <= 17  # the page of somebody who attended and has values of their own


def test_the_form_knows_no_line_that_is_none():
    assert RuleForm().lines == []


def test_a_line_asks_for_a_range_of_an_own_column(staff, url):
    seats = fields.create("Seats", "number", [], None)
    since = fields.create("Since", "date", [], None)
    for number, day in ((5, "2020-01-01"), (15, "2025-01-01"), (25, "2026-01-01")):
        AttendeeFactory(own={str(seats.pk): number, str(since.pk): day})
    form = {"action": "save", "name": "Some", "join": "all"}
    lines = [(f"own:{seats.pk}", "10 .. 1 000"), (f"own:{since.pk}", "..31.12.2025")]
    what, value = zip(*lines, strict=True)
    staff.post(url("group-rule-new"), form | {"what": what, "value": value})
    group = AttendeeGroup.objects.get(name="Some")
    assert [one["value"] for one in group.rule["clauses"]] == ["10..1000", "..2025-12-31"]
    assert [one.own[str(seats.pk)] for one in clauses.people(group.rule)] == [15]
    assert clauses.described(group.rule) == [
        "“Seats” lies between “10” and “1000”",
        "“Since” is “2025-12-31” or earlier",
    ]
    wrong = form | {"name": "Wrong", "what": what, "value": ("20..10", "2025")}
    refused = staff.post(url("group-rule-new"), wrong)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Write it as 10..20, 10.. or ..20." in page
    assert "A range is written as" in page
    assert not AttendeeGroup.objects.filter(name="Wrong").exists()
