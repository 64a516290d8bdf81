"""URLs of the draws by lot: back office, public pages, files to check."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from participation.tirage import fiche, pertes, public, quotas, salle, trouver
from participation.tirage.models import Tirage
from participation.tirage.selection import actes as selection
from participation.tirage.selection import controle
from participation.tirage.verification import FICHIERS
from participation.tirage.volontaires import actes as actes_volontaires
from participation.tirage.volontaires import vues as volontaires

app_name = "tirage"
urlpatterns: list[URLPattern] = [
    # Public
    path("tirages-au-sort/", public.tirages_publics, name="tirages_publics"),
    path("tirages-au-sort/verifier.py", public.script, name="script"),
    path("tirages-au-sort/<int:pk>/", public.tirage_public, name="tirage_public"),
    path("tirages-au-sort/<int:pk>/verifier/", public.verifier, name="verifier"),
    *(
        path(f"tirages-au-sort/<int:pk>/{nom}", public.fichier, {"nom": nom}, name=nom.replace(".", "_"))
        for nom in FICHIERS
    ),
    # Agents
    path("tirages/", fiche.tirages, name="tirages"),
    path("tirages/nouveau/", fiche.preparer_tirage, name="preparer_tirage"),
    path("tirages/<int:pk>/", fiche.tirage, name="tirage"),
    path("tirages/<int:pk>/volontaires/", volontaires.volontaires, name="volontaires"),
    path("tirages/<int:pk>/volontaires/a-prevenir.csv", volontaires.a_prevenir, name="a_prevenir"),
    path("tirages/<int:pk>/ecran/", salle.ecran, name="ecran"),
    path("tirages/imports/<int:pk>/lignes-refusees.csv", volontaires.refus, name="refus"),
    *routes(
        "tirages/<int:pk>/",
        Tirage,
        trouver.trouver_tirage,
        quotas,
        pertes,
        controle,
        selection,
        salle,
        actes_volontaires,
    ),
    *routes(
        "tirages/volontaires/<int:pk>/",
        Tirage,
        trouver.trouver_volontaire,
        actes_volontaires,
        sur="volontaire",
    ),
]
