"""All addresses of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from portal.staff.views import signing_in

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", signing_in.SignIn.as_view(), name="login"),
    path("session/", signing_in.session, name="session"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("", include("portal.staff.urls")),
]
