"""URLs of the CCSPL."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from ccspl import bibliotheque, controle, membres, public, rapport, trouver
from ccspl import resume as vues_resume
from ccspl.models import (
    INSTANCE,
    Avis,
    Controle,
    DocumentBibliotheque,
    Paragraphe,
    Preconisation,
    PriseDeNouvelles,
    Proposition,
    RapportAnnuel,
    ReunionDuConseil,
    Transmission,
)
from ccspl.redaction import actes as textes
from ccspl.redaction import preconisations, vote
from ccspl.redaction import vues as redaction
from ccspl.saisines import vues as saisines
from ccspl.saisines.actes import (
    abandonner,
    fonder,
    inscrire_en_seance,
    modifier_reunion,
    ouvrir_redaction,
    saisir,
    supprimer_reunion,
)
from ccspl.tableau import vues as tableau
from ccspl.transmission import actes as transmission
from ccspl.transmission import restitution
from participation.socle.http.decorateurs import publique
from participation.socle.views.pages import pages, routes

# Former URLs, still on posters and letters of past calls.
ancienne = publique(RedirectView.as_view(pattern_name="renouvellement:candidater", permanent=True))
ancien_formulaire = publique(RedirectView.as_view(url="/candidater/%(cle)s/%(college)s/", permanent=True))

app_name = "ccspl"
urlpatterns: list[URLPattern] = [
    # Saisines, the legal calendar, avis and their transmission
    path("dossiers/", saisines.tableau, name="tableau"),
    *routes("dossiers/", Avis, trouver.nouvelle_saisine, pages(saisir)),
    path("dossiers/<int:pk>/", saisines.dossier, name="dossier"),
    *routes(
        "dossiers/<int:pk>/",
        Avis,
        trouver.trouver,
        pages(fonder, inscrire_en_seance, ouvrir_redaction, abandonner),
        transmission,
        restitution,
        vote,
        {"ajouter_suite": transmission.AJOUTER_SUITE},
    ),
    path("accuser/<jeton:jeton>/", saisines.accuser, name="accuser"),
    path("calendrier/", saisines.calendrier, name="calendrier"),
    path("conseils/", saisines.reunions, name="reunions"),
    *routes(
        "conseils/<int:pk>/",
        ReunionDuConseil,
        trouver.reunion_du_conseil,
        pages(modifier_reunion, supprimer_reunion),
    ),
    # Text written together
    path("texte/<int:pk>/", redaction.redaction, name="redaction"),
    path("texte/<int:pk>/change/", redaction.texte_change, name="texte_change"),
    path("texte/<int:pk>/versions/", redaction.versions, name="versions"),
    *routes("texte/<int:pk>/", Avis, trouver.lisible, textes, preconisations),
    *routes("paragraphes/<int:pk>/", Avis, trouver.partie(Paragraphe), textes, sur="paragraphe"),
    *routes(
        "propositions/<int:pk>/",
        Avis,
        trouver.partie(Proposition, "paragraphe", "auteur", "membre__college"),
        pages(textes.accepter, textes.refuser),
    ),
    *routes("propositions/<int:pk>/", Avis, trouver.proposition_sienne, pages(textes.retirer_proposition)),
    *routes("transmissions/<int:pk>/", Avis, trouver.partie(Transmission), transmission, sur="transmission"),
    *routes(
        "preconisations/<int:pk>/", Avis, trouver.partie(Preconisation), preconisations, sur="preconisation"
    ),
    # Pages of the élus
    path("tableau-de-bord/", tableau.tableau_de_bord, name="tableau_de_bord"),
    path("tableau-de-bord/avis/", tableau.avis_rendus, name="avis_rendus"),
    path("tableau-de-bord/preconisations/", tableau.preconisations, name="preconisations"),
    path(
        "tableau-de-bord/recommandations/", tableau.anciennes_preconisations, name="anciennes_preconisations"
    ),
    path("tableau-de-bord/avis/<int:pk>/fiche/", tableau.demander_intervention, name="demander_intervention"),
    path("tableau-de-bord/resume/", vues_resume.abonnement_au_resume, name="s_abonner_au_resume"),
    path("tableau-de-bord/resume/arreter/", vues_resume.arret_du_resume, name="arreter_le_resume"),
    path("resume/<cle_secrete:cle>/", vues_resume.ARRETER.vue, name="ne_plus_recevoir_resume"),
    # Life of the commission: library, members, external control, visits, report
    path("bibliotheque/", bibliotheque.bibliotheque, name="bibliotheque"),
    path("bibliotheque/membres/", bibliotheque.bibliotheque_des_membres, name="bibliotheque_des_membres"),
    path(
        "bibliotheque/<int:pk>/<int:numero>/", bibliotheque.fichier_bibliotheque, name="fichier_bibliotheque"
    ),
    path("vie/", membres.vie_de_la_commission, name="vie_de_la_commission"),
    path("vie/participation/", membres.participation, name="participation"),
    path("vie/membres/<int:pk>/", membres.suivi_membre, name="suivi_membre"),
    *routes("vie/membres/<int:pk>/", PriseDeNouvelles, membres.prise_de_nouvelles, membres),
    path("vie/controle/", controle.controle, name="controle"),
    *routes("vie/controle/", Controle, Controle, controle),
    *routes("vie/controle/<int:pk>/", Controle, controle.element, controle),
    path("vie/visites/", membres.visites, name="visites"),
    path("vie/bibliotheque/", bibliotheque.documents, name="documents_bibliotheque"),
    *routes("vie/bibliotheque/", DocumentBibliotheque, DocumentBibliotheque, bibliotheque),
    path("vie/bibliotheque/<int:pk>/", bibliotheque.document, name="document_bibliotheque"),
    *routes(
        "vie/bibliotheque/<int:pk>/", DocumentBibliotheque, bibliotheque.document_bibliotheque, bibliotheque
    ),
    path("vie/rapport/", rapport.rapport_annuel, name="rapport_annuel"),
    *routes("vie/rapport/<int:annee>/", RapportAnnuel, rapport.rapport_de, rapport),
    # Public pages
    path("", public.commission, name="commission"),
    path("avis/", public.avis_liste, name="avis_liste"),
    re_path(r"^avis\.(?P<extension>json|csv)$", public.donnees_avis, name="donnees_avis"),
    path("avis/<str:reference>/image.png", public.image, name="image_avis"),
    path("avis/<str:reference>/", public.avis, name="avis"),
    path("candidater/", ancienne, {"cle": INSTANCE}, name="candidater"),
    path(
        "candidater/<int:campagne>/<int:college>/",
        ancien_formulaire,
        {"cle": INSTANCE},
        name="deposer_candidature",
    ),
]
