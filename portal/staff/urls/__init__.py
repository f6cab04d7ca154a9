"""The staff's pages, by topic."""

from portal.staff.urls import accounts, conferences, people

app_name = "staff"
urlpatterns = [*accounts.urlpatterns, *conferences.urlpatterns, *people.urlpatterns]
