"""Every address of the product. Each view declares who may open it (`core.access`)."""

from allauth.account import views as accounts
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from attest.core import idle
from attest.core.access import public
from attest.core.logins import reset
from attest.core.logins import views as logins
from attest.core.views import favicon
from attest.practice.views import entry
from attest.practice.views.front import front_door

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", public(logins.Login.as_view()), name="account_login"),
    path("accounts/logout/", public(accounts.logout), name="account_logout"),
    path("accounts/signup/", public(accounts.signup), name="account_signup"),
    path("accounts/inactive/", public(accounts.account_inactive), name="account_inactive"),
    path("accounts/", include("attest.core.logins.urls")),
    path("accounts/password/reset/", public(reset.AskForReset.as_view()), name="account_reset_password"),
    path(
        "accounts/password/reset/sent/",
        public(reset.ResetAsked.as_view()),
        name="account_reset_password_done",
    ),
    re_path(
        r"^accounts/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[\w-]+)/$",
        public(reset.ResetFromLink.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/done/",
        public(reset.ResetDone.as_view()),
        name="account_reset_password_from_key_done",
    ),
    path("accounts/locked/", idle.locked, name="locked"),
    path("accounts/unlock/", idle.unlock, name="unlock"),
    path("accounts/alive/", idle.alive, name="alive"),
    path("invitation/<str:token>/", entry.invitation, name="invitation"),
    path("recovery/stop/<str:token>/", entry.recovery_stop, name="recovery_stop"),
    path("recovery/<str:token>/", entry.recovery_confirm, name="recovery_confirm"),
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
    urlpatterns.append(path("demo/", include("attest.demo.mail_urls")))

handler400 = "attest.core.views.bad_request"
handler403 = "attest.core.views.forbidden"
handler429 = "attest.core.logins.throttling.too_many_requests"
handler404 = "attest.core.views.not_found"
handler500 = "attest.core.views.server_error"
