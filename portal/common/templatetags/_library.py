"""The one library that the modules of this package put their tags into."""

from django import template

register = template.Library()
