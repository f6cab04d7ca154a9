"""The staff's pages, by noun."""

from django.urls import URLPattern

from portal.staff.accounts import urls as accounts
from portal.staff.attention import urls as attention
from portal.staff.audience import urls as audience
from portal.staff.date_polls import urls as date_polls
from portal.staff.home import urls as home
from portal.staff.jobs import urls as jobs
from portal.staff.mails import urls as mails
from portal.staff.people import urls as people
from portal.staff.platform_actions import urls as platform_actions
from portal.staff.results import urls as results
from portal.staff.webinars import urls as webinars

app_name = "staff"
urlpatterns: list[URLPattern] = [
    *home.urlpatterns,
    *attention.urlpatterns,
    *accounts.urlpatterns,
    *webinars.urlpatterns,
    *date_polls.urlpatterns,
    *results.urlpatterns,
    *audience.urlpatterns,
    *mails.urlpatterns,
    *people.urlpatterns,
    *jobs.urlpatterns,
    *platform_actions.urlpatterns,
]
