"""A person's own login: signing in, and what belongs to signing in. Nothing here belongs to a practice."""

from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import path

from attest.core.access import public, signed_in
from attest.core.logins import views
from attest.core.logins.proof import just_proven

urlpatterns = [
    path("login/passkey/", public(views.PasskeyLogin.as_view()), name="mfa_login_webauthn"),
    path("login/second/", public(views.SecondStep.as_view()), name="mfa_authenticate"),
    path("login/again/", public(views.start_again), name="start_again"),
    path("login/by/<slug:provider_id>/", public(views.by_provider), name="openid_connect_login"),
    path("login/by/<slug:provider_id>/callback/", public(openid.callback), name="openid_connect_callback"),
    path("login/cancelled/", public(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("reauthenticate/", signed_in(views.PasswordAgain.as_view()), name="account_reauthenticate"),
    path("reauthenticate/code/", signed_in(views.CodeAgain.as_view()), name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        signed_in(views.PasskeyAgain.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path("me/", signed_in(views.own_login), name="own_login"),
    path("me/set-up/", signed_in(views.set_up), name="set_up_second_factor"),
    path("me/password/", signed_in(views.ChangePassword.as_view()), name="account_change_password"),
    path(
        "me/password/set/",
        signed_in(just_proven(views.SetPassword.as_view())),
        name="account_set_password",
    ),
    path("me/app/add/", signed_in(just_proven(views.AddApp.as_view())), name="mfa_activate_totp"),
    path("me/app/remove/", signed_in(just_proven(views.RemoveApp.as_view())), name="mfa_deactivate_totp"),
    path("me/codes/", signed_in(just_proven(views.Codes.as_view())), name="mfa_view_recovery_codes"),
    path(
        "me/codes/new/", signed_in(just_proven(views.NewCodes.as_view())), name="mfa_generate_recovery_codes"
    ),
    path("me/passkeys/add/", signed_in(just_proven(views.AddPasskey.as_view())), name="mfa_add_webauthn"),
    path(
        "me/passkeys/<int:pk>/name/",
        signed_in(just_proven(views.NamePasskey.as_view())),
        name="mfa_edit_webauthn",
    ),
    path(
        "me/passkeys/<int:pk>/remove/",
        signed_in(just_proven(views.RemovePasskey.as_view())),
        name="mfa_remove_webauthn",
    ),
    path("me/logins/<int:login_id>/end/", signed_in(views.end_login), name="end_login"),
    path("me/logins/end-others/", signed_in(views.end_other_logins), name="end_other_logins"),
    path(
        "me/providers/<int:account_id>/disconnect/",
        signed_in(just_proven(views.disconnect)),
        name="disconnect_provider",
    ),
]
