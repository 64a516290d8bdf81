"""Saisines, the legal calendar, avis and their transmission."""

from django.urls import URLPattern, path

from ccspl.views import saisines, transmission

urlpatterns: list[URLPattern] = [
    path("dossiers/", saisines.tableau, name="tableau"),
    path("dossiers/saisir/", saisines.saisir, name="saisir"),
    path("dossiers/<int:pk>/", saisines.dossier, name="dossier"),
    path("dossiers/<int:pk>/fonder/", saisines.fonder, name="fonder"),
    path("dossiers/<int:pk>/ouvrir-la-redaction/", saisines.ouvrir_redaction, name="ouvrir_redaction"),
    path("dossiers/<int:pk>/abandonner/", saisines.abandonner, name="abandonner"),
    path("dossiers/<int:pk>/transmettre/", transmission.transmettre, name="transmettre"),
    path("dossiers/<int:pk>/citer/", transmission.citer, name="citer"),
    path("dossiers/<int:pk>/resumer/", transmission.resumer, name="resumer"),
    path("dossiers/<int:pk>/promettre/", transmission.promettre_suite, name="promettre_suite"),
    path("dossiers/<int:pk>/repondre/", transmission.repondre, name="repondre"),
    path("dossiers/<int:pk>/rendre/", transmission.rendre_aux_membres, name="rendre_aux_membres"),
    path("dossiers/<int:pk>/clore/", transmission.clore, name="clore"),
    path("dossiers/<int:pk>/fiche/", transmission.faire_fiche, name="faire_fiche"),
    path("accuser/<jeton:jeton>/", transmission.accuser, name="accuser"),
    path("calendrier/", saisines.calendrier, name="calendrier"),
    path("conseils/", saisines.reunions, name="reunions"),
    path("conseils/<int:pk>/", saisines.modifier_reunion, name="modifier_reunion"),
    path("conseils/<int:pk>/supprimer/", saisines.supprimer_reunion, name="supprimer_reunion"),
]
