"""All addresses of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.generic import RedirectView

from portal.common.middleware import without_role
from portal.staff.views import signing_in

urlpatterns = [
    # One form alone asks for the old password: it counts who guesses.
    path(
        "admin/password_change/",
        without_role(RedirectView.as_view(pattern_name="password_change")),
    ),
    path("admin/", admin.site.urls),
    path("login/", signing_in.SignIn.as_view(), name="login"),
    path("session/", signing_in.session, name="session"),
    path("logout/", without_role(auth.LogoutView.as_view()), name="logout"),
    path(
        "password/",
        without_role(signing_in.ChangePassword.as_view()),
        name="password_change",
    ),
    path(
        "password/changed/",
        without_role(auth.PasswordChangeDoneView.as_view()),
        name="password_change_done",
    ),
    path("", include("portal.staff.urls")),
]
