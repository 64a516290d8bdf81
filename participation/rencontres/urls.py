"""URLs of the rencontres: public pages, back office, door, library of formats."""

from django.urls import URLPattern, path

from participation.inscriptions import actes as inscriptions
from participation.inscriptions import vues as inscrits
from participation.rencontres import fiche, formats, preparation, public, tables, trouver
from participation.rencontres.deroule import actes as deroules
from participation.rencontres.deroule import vues as deroule
from participation.rencontres.models import Format, Rencontre
from participation.rencontres.recolte import actes as recoltes
from participation.rencontres.recolte import vues as recolte
from participation.socle.views.pages import routes

app_name = "rencontres"

SIEN = {"modele": Rencontre}

urlpatterns: list[URLPattern] = [
    # Public
    path("les-rencontres/", public.rencontres_publiques, name="rencontres_publiques"),
    path("les-rencontres/<int:pk>/", public.rencontre_publique, name="rencontre_publique"),
    path("les-rencontres/<int:pk>/agenda.ics", public.rencontre_ics, name="rencontre_ics"),
    path("les-rencontres/<int:pk>/s-inscrire/", inscrits.s_inscrire, SIEN, name="s_inscrire"),
    path("les-rencontres/<int:pk>/recue/", inscrits.inscription_recue, SIEN, name="inscription_recue"),
    path(
        "les-rencontres/confirmer/<jeton:jeton>/",
        inscrits.confirmer(Rencontre).vue,
        name="confirmer_inscription",
    ),
    path("les-rencontres/ma-place/<jeton:jeton>/", inscrits.mon_inscription, SIEN, name="mon_inscription"),
    path("les-rencontres/animer/<jeton:jeton>/", deroule.deroule_par_lien, name="deroule_par_lien"),
    path("les-rencontres/animer/<jeton:jeton>/ecran/", deroule.ecran_par_lien, name="ecran_par_lien"),
    path("les-rencontres/<int:pk>/evaluer/", recolte.evaluer, name="evaluer"),
    path("les-rencontres/table/<jeton:jeton>/", recolte.table, name="table"),
    path("les-rencontres/table/<jeton:jeton>/jeton/", recolte.jeton_de_table, name="jeton_de_table"),
    path("les-rencontres/table/<jeton:jeton>/service.js", recolte.service_de_table, name="service_de_table"),
    path("les-rencontres/ma-note/<jeton:jeton>/", recolte.SUIVRE.vue, name="suivre_note"),
    path("les-rencontres/ma-place/<jeton:jeton>/gommettes/", recolte.gommettes, name="gommettes"),
    # Agents, and who keeps the door
    path("rencontres/", fiche.rencontres, name="rencontres"),
    path("rencontres/<int:pk>/", fiche.rencontre, name="rencontre"),
    path("rencontres/<int:pk>/accueil/", inscrits.accueil, SIEN, name="accueil"),
    path("rencontres/places/<int:pk>/papier/", inscrits.place_sur_papier, SIEN, name="place_sur_papier"),
    path("rencontres/<int:pk>/deroule/", deroule.deroule, name="deroule"),
    path("rencontres/<int:pk>/ecran/", deroule.ecran, name="ecran"),
    path("rencontres/<int:pk>/recolte/", recolte.recolte, name="recolte"),
    path("rencontres/formats/", formats.formats, name="formats"),
    path("rencontres/formats/<int:pk>/", formats.un_format, name="format"),
    *routes("rencontres/", Rencontre, Rencontre, preparation),
    *routes(
        "rencontres/<int:pk>/",
        Rencontre,
        trouver.trouver_rencontre,
        preparation,
        deroules,
        tables,
        recoltes,
        inscriptions,
    ),
    *routes("rencontres/formats/", Format, Format, formats),
    *routes("rencontres/formats/<int:pk>/", Format, trouver.trouver_format, formats),
    *routes(
        "rencontres/animateurs/<int:pk>/", Rencontre, trouver.trouver_animateur, preparation, sur="animateur"
    ),
    *routes("rencontres/blocs/<int:pk>/", Rencontre, trouver.trouver_bloc, deroules, sur="bloc"),
    *routes("rencontres/tables/<int:pk>/", Rencontre, trouver.trouver_table, tables, sur="tablerencontre"),
    *routes("rencontres/notes/<int:pk>/", Rencontre, trouver.trouver_note, recoltes, sur="note"),
    *routes("rencontres/groupes/<int:pk>/", Rencontre, trouver.trouver_groupe, recoltes, sur="groupe"),
    *routes(
        "rencontres/inscriptions/<int:pk>/",
        Rencontre,
        trouver.trouver_inscription,
        inscriptions,
        sur="inscription",
    ),
]
