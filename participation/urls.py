"""URLs of the whole site. Apps are named as strings: the project imports none of them."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from participation.socle.http.decorateurs import publique
from participation.socle.views import comptes

admin.autodiscover()
# One sign-in page for all, with its limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# In each language (`/ar/petitions/…`); French has no prefix.
dans_chaque_langue = i18n_patterns(
    # First, because URLs are tried in order: signing and voting then go through few of them.
    path("petitions/", include("petitions.urls")),
    path("contrat-de-ville/", include("participation.budgets.urls")),
    path("contrat-de-ville/", include("contrat_ville.urls")),
    path("ccspl/", include("ccspl.urls")),
    path("remontees/", include("remontees.urls")),
    path("", include("participation.socle.urls")),
    path("", include("participation.seances.urls")),
    path("", include("participation.suites.urls")),
    path("", include("participation.engagements.urls")),
    path("", include("participation.cadres.urls")),
    path("", include("participation.renouvellement.urls")),
    path("", include("participation.tirage.urls")),
    path("", include("participation.inclusion.urls")),
    path("", include("participation.droits.urls")),
    path("", include("participation.panels.urls")),
    path("", include("participation.rencontres.urls")),
    prefix_default_language=False,
)
urlpatterns = [
    *dans_chaque_langue,
    path("open311/v2/", include("remontees.urls.open311")),
    # Ours come before those of allauth, under the same names.
    path("comptes/login/", comptes.demander_code, name="account_login"),
    path("comptes/login/code/", comptes.demander_code, name="account_request_login_code"),
    path("comptes/login/code/confirm/", comptes.confirmer_code, name="account_confirm_login_code"),
    path("comptes/logout/", comptes.deconnexion, name="account_logout"),
    path("comptes/signup/", publique(RedirectView.as_view(pattern_name="account_login", query_string=True))),
    path("comptes/3rdparty/", RedirectView.as_view(pattern_name="socle:mon_compte")),
    path("comptes/oidc/<str:provider_id>/login/", comptes.oidc_connexion, name="openid_connect_login"),
    path(
        "comptes/oidc/<str:provider_id>/login/callback/", comptes.oidc_retour, name="openid_connect_callback"
    ),
    path("comptes/", include("allauth.urls")),
    path("reference/", admin.site.urls),
]

handler400 = "participation.socle.views.erreurs.requete_incorrecte"
handler403 = "participation.socle.views.erreurs.acces_refuse"
handler404 = "participation.socle.views.erreurs.introuvable"
handler500 = "participation.socle.views.erreurs.panne"
