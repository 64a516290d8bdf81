"""The text written together."""

from django.urls import URLPattern, path

from ccspl.views import redaction

urlpatterns: list[URLPattern] = [
    path("texte/<int:pk>/", redaction.redaction, name="redaction"),
    path("texte/<int:pk>/change/", redaction.texte_change, name="texte_change"),
    path("texte/<int:pk>/versions/", redaction.versions, name="versions"),
    path("texte/<int:pk>/rediger/", redaction.rediger, name="rediger"),
    path("texte/<int:pk>/proposer/", redaction.proposer, name="proposer"),
    path("texte/<int:pk>/preconiser/", redaction.preconiser, name="preconiser"),
    path("texte/<int:pk>/position/", redaction.noter_position, name="noter_position"),
    path("texte/<int:pk>/soumettre/", redaction.soumettre, name="soumettre"),
    path("texte/<int:pk>/rouvrir/", redaction.rouvrir_redaction, name="rouvrir_redaction"),
    path("texte/<int:pk>/adopter/", redaction.adopter, name="adopter"),
    path("texte/<int:pk>/rejeter/", redaction.rejeter, name="rejeter"),
    path("paragraphes/<int:pk>/", redaction.rediger_paragraphe, name="rediger_paragraphe"),
    path("paragraphes/<int:pk>/supprimer/", redaction.supprimer_paragraphe, name="supprimer_paragraphe"),
    path(
        "paragraphes/<int:pk>/monter/",
        redaction.deplacer_paragraphe,
        {"sens": "monter"},
        name="monter_paragraphe",
    ),
    path(
        "paragraphes/<int:pk>/descendre/",
        redaction.deplacer_paragraphe,
        {"sens": "descendre"},
        name="descendre_paragraphe",
    ),
    # Two numbers: the dossier's buttons, which know one, leave these acts to the pages that show propositions.
    path("texte/<int:avis_pk>/propositions/<int:pk>/accepter/", redaction.accepter, name="accepter"),
    path("texte/<int:avis_pk>/propositions/<int:pk>/refuser/", redaction.refuser, name="refuser"),
    path("propositions/<int:pk>/retirer/", redaction.retirer_proposition, name="retirer_proposition"),
    path("preconisations/<int:pk>/", redaction.modifier_preconisation, name="modifier_preconisation"),
    path("preconisations/<int:pk>/retirer/", redaction.retirer_preconisation, name="retirer_preconisation"),
]
