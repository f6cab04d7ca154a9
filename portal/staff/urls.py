"""The staff's pages."""

app_name = "staff"
urlpatterns: list = []
