"""A person's own login: signing in, and what belongs to signing in. Nothing here belongs to a practice."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from allauth.usersessions import views as sessions
from django.urls import path

from attest.core.access import public, signed_in

urlpatterns = [
    path("login/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("login/code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("login/by/<slug:provider_id>/", public(openid.login), name="openid_connect_login"),
    path("login/by/<slug:provider_id>/callback/", public(openid.callback), name="openid_connect_callback"),
    path("login/cancelled/", public(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("login/error/", public(social.login_error), name="socialaccount_login_error"),
    path("reauthenticate/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("me/", signed_in(mfa.index), name="mfa_index"),
    path("me/password/", signed_in(account.password_change), name="account_change_password"),
    path("me/app/add/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("me/app/remove/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("me/passkeys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("me/passkeys/add/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>/name/", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("me/passkeys/<int:pk>/remove/", signed_in(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("me/logins/", signed_in(sessions.list_usersessions), name="usersessions_list"),
]
