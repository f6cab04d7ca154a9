"""Pages that a strict content security policy lets through, and that compile."""

import re

import pytest
from django.template.loader import get_template

from tests.house import HOME, name, templates

NOT_ALLOWED = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b"),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script with a body": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "another server": re.compile(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "unescaped text": re.compile(r"(?<!help_text)\|\s*safe\b"),  # forms write their own help,
}
FOLDER = HOME / "templates"
TAG = re.compile(r"{%.*?%}", re.DOTALL)


def pages():
    """(name, HTML without Django's tags) of what a browser shows; mails have other rules."""
    for path in templates():
        if "mails" not in path.parts:
            yield name(path), TAG.sub("", path.read_text())


@pytest.mark.parametrize("what", NOT_ALLOWED)
def test_no(what):
    assert not [page for page, html in pages() if NOT_ALLOWED[what].search(html)]


def test_every_template_compiles():
    for path in templates():
        get_template(str(path.relative_to(FOLDER)))


def test_htmx_stands_on_something_that_works_without_it():
    """An hx- request sits on a form, a link or a field: pages work without JavaScript."""
    tags = re.compile(r"<(\w+)\b[^>]*\shx-(?:get|post|put|delete)=[^>]*>", re.DOTALL)
    for path in templates():
        for found in tags.finditer(path.read_text()):
            tag, text = found[1], found[0]
            # What comes by itself, on a timer or after a field, leaves nothing to press.
            unasked = re.search(r"hx-trigger=[\"'][^\"']*\b(every|change|load)\b", text)
            assert tag in ("a", "form", "button", "input", "select") or unasked, (name(path), text)


def test_pages_have_one_heading_and_a_title():
    for path in templates():
        text = path.read_text()
        if '{% extends "base.html" %}' in text and "components" not in path.parts:
            assert "{% block title %}" in text, name(path)
            assert "{% block heading %}" in text or "{% block content %}" in text, name(path)
