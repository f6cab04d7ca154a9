"""The staff's pages, by topic."""

from portal.staff.urls import accounts, conferences, operations, people

app_name = "staff"
urlpatterns = [
    *accounts.urlpatterns,
    *conferences.urlpatterns,
    *operations.urlpatterns,
    *people.urlpatterns,
]
