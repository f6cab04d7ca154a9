"""How event staff tag people and say who belongs to a group, in a real browser."""

import pytest

from portal.conferences.models import AttendeeGroup, Tag
from portal.conferences.people.services import tags
from tests.factories import AttendeeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    return [
        AttendeeFactory(first_name=f"P{n}", last_name=f"L{n}", company="Example Press")
        for n in range(6)
    ]


@pytest.mark.parametrize("script", [True, False])
def test_the_ticked_are_tagged_and_found_by_it(visitor, people, script):
    someone = visitor(javascript=script)
    page = someone.go("people")
    for person in people[:2]:
        page.check(f"[name=person][value='{person.pk}']")
    page.click("button[value=ticked]")
    assert "Tag 2 people" in someone.text()
    page.fill("[name=tags]", "VIP, Press")
    page.press("[name=tags]", "Enter")
    page.wait_for_selector("text=put on 2 people")
    page = someone.go("people")
    page.fill("[name=tag]", "vip")
    page.press("[name=tag]", "Enter")
    page.wait_for_selector("text=1–2 of 2")
    assert set(Tag.objects.get(name="VIP").people.all()) == set(people[:2])
    assert someone.complaints == []


def test_a_rule_counts_while_it_is_typed_and_enter_removes_nothing(visitor, people, staff_user):
    tags.change(people[0], ["VIP"], staff_user)
    someone = visitor()
    page = someone.go("group-rule-new")
    page.fill("[name=name]", "Press people")
    page.select_option("[name=more]", "company_has")
    page.click("button[value=add]")
    page.wait_for_selector("#value-0")
    page.type("#value-0", "press", delay=40)
    page.wait_for_selector("#fits:has-text('6 people fit now')")
    page.select_option("[name=more]", "tag")
    page.click("button[value=add]")
    page.wait_for_selector("#value-1")
    assert page.input_value("[name=name]") == "Press people"
    page.type("#value-1", "vip", delay=60)

    page.wait_for_selector("#fits:has-text('1 person fits now')")
    page.press("#value-1", "Enter")
    page.wait_for_load_state("networkidle")
    assert page.locator("[name=what]").count() == 2
    page.click("[name=without][value='1']")
    page.wait_for_selector("#value-1", state="detached")
    page.wait_for_selector("#fits:has-text('6 people fit now')")
    assert someone.axe() == []
    page.click("button[value=save]")
    page.wait_for_selector("h1:has-text('Press people')")
    assert "6 people fit now" in someone.text()
    assert AttendeeGroup.objects.get().rule["clauses"] == [
        {"what": "company_has", "value": "press"}
    ]
    assert someone.complaints == []
