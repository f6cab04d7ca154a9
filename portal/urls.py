"""All addresses of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.generic import RedirectView

from portal.identity.middleware import without_role
from portal.staff.home import sign_in

urlpatterns = [
    # One form alone asks for the old password: it counts who guesses.
    path(
        "admin/password_change/",
        without_role(RedirectView.as_view(pattern_name="password_change")),
    ),
    path("admin/", admin.site.urls),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("session/", sign_in.session, name="session"),
    path("logout/", without_role(auth.LogoutView.as_view()), name="logout"),
    path(
        "password/",
        without_role(sign_in.ChangePassword.as_view()),
        name="password_change",
    ),
    path(
        "password/changed/",
        without_role(auth.PasswordChangeDoneView.as_view()),
        name="password_change_done",
    ),
    path("", include("portal.staff.urls")),
]
