"""Every address of the product. Each view declares who may open it (`core.access`)."""

from allauth.account import views as accounts
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from attest.core.access import public
from attest.core.logins import views as logins
from attest.core.views import favicon
from attest.practice.views.front import front_door

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", public(logins.Login.as_view()), name="account_login"),
    path("accounts/logout/", public(accounts.logout), name="account_logout"),
    path("accounts/signup/", public(accounts.signup), name="account_signup"),
    path("accounts/inactive/", public(accounts.account_inactive), name="account_inactive"),
    path("accounts/", include("attest.core.logins.urls")),
    path("favicon.ico", favicon),
    path("", front_door, name="front_door"),
    path("o/<slug:practice>/", include("attest.practice.urls")),
    path("o/<slug:practice>/", include("attest.clients.urls")),
    path("o/<slug:practice>/", include("attest.notes.urls")),
    path("o/<slug:practice>/", include("attest.claims.urls")),
    path("o/<slug:practice>/", include("attest.confirmation.urls")),
    path("o/<slug:practice>/", include("attest.workspace.urls")),
]
if "attest.demo" in settings.INSTALLED_APPS:
    urlpatterns.append(path("o/<slug:practice>/", include("attest.demo.urls")))

handler400 = "attest.core.views.bad_request"
handler403 = "attest.core.views.forbidden"
handler404 = "attest.core.views.not_found"
handler500 = "attest.core.views.server_error"
