"""All addresses of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from portal.common.middleware import without_role

urlpatterns = [
    path("admin/", admin.site.urls),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", without_role(auth.LogoutView.as_view()), name="logout"),
    path(
        "password/",
        without_role(auth.PasswordChangeView.as_view(success_url="/password/changed/")),
        name="password_change",
    ),
    path(
        "password/changed/",
        without_role(auth.PasswordChangeDoneView.as_view()),
        name="password_change_done",
    ),
    path("", include("portal.staff.urls")),
]
