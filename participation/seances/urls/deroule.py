"""URLs of the three screens of a séance under way."""

from django.urls import path

from participation.seances.ecrans.vues import animer, ecran, membre, pages, votes
from participation.seances.models import Seance
from participation.seances.presence import vues as presence
from participation.socle.views.pages import routes

urlpatterns = [
    # First, for speed: the screens poll these three every three seconds.
    path("mes-seances/<int:pk>/en-cours/etat/", membre.en_cours_etat, name="ma_seance_etat"),
    path("seances/<int:pk>/animer/etat/", animer.animer_etat, name="animer_etat"),
    path("seances/<int:pk>/ecran/etat/", ecran.ecran_etat, name="ecran_etat"),
    path("mes-seances/<int:pk>/en-cours/", membre.en_cours, name="ma_seance_en_cours"),
    path("mes-seances/<int:pk>/en-cours/voter/", membre.voter, name="voter"),
    path("mes-seances/<int:pk>/en-cours/parole/", membre.parler, name="parler"),
    path("mes-seances/<int:pk>/en-cours/presence/", membre.changer_presence, name="changer_presence"),
    path("mes-seances/<int:pk>/en-cours/deport/", membre.me_deporter, name="me_deporter"),
    path("mes-seances/<int:pk>/en-cours/deport/lever/", membre.lever_mon_deport, name="lever_mon_deport"),
    path(
        "mes-seances/<int:pk>/en-cours/bulletin-secret/", membre.demander_le_secret, name="demander_le_secret"
    ),
    path(
        "mes-seances/<int:pk>/en-cours/bulletins-papier/", membre.mon_compte_papier, name="mon_compte_papier"
    ),
    path("mes-seances/<int:pk>/en-cours/designer/", membre.designer, name="designer"),
    path("mes-seances/<int:pk>/en-cours/se-prononcer/", membre.se_prononcer, name="se_prononcer"),
    path("mes-seances/<int:pk>/en-cours/desaccord/", membre.mon_desaccord, name="mon_desaccord"),
    path("presence/", presence.saisir_code, name="saisir_code"),
    path("presence/lien/<jeton:jeton>/", presence.presence_par_lien, name="presence_par_lien"),
    path("presence/<str:code>/", presence.presence, name="presence"),
    path("seances/<int:pk>/ecran/", ecran.ecran, name="ecran"),
    path("seances/<int:pk>/animer/", animer.animer, name="animer"),
    path("seances/<int:pk>/animer/ouvrir/", animer.ouvrir, name="ouvrir"),
    *routes("seances/<int:pk>/animer/", Seance, pages.seance_a_animer, pages.PAGES),
    *routes("seances/presences/<int:pk>/", Seance, pages.presence_animee, pages.PAGES_PRESENCES),
    *routes("seances/convies/<int:pk>/", Seance, pages.convie_anime, pages.PAGES_CONVIES),
    *routes("seances/points/<int:pk>/", Seance, animer.trouver_point, pages.PAGES_POINTS),
    *routes("seances/deports/<int:pk>/", Seance, pages.deport_anime, pages.PAGES_DEPORTS),
    *routes("seances/votes/<int:pk>/", Seance, pages.vote_anime, pages.PAGES_VOTES),
    *routes("seances/elections/<int:pk>/", Seance, pages.election_animee, pages.PAGES_ELECTIONS),
    *routes("seances/comptes-papier/<int:pk>/", Seance, pages.compte_anime, pages.PAGES_PAPIER),
    path("seances/<int:pk>/animer/presence/", animer.noter_presence, name="noter_presence"),
    path("seances/<int:pk>/animer/parole/", animer.diriger_la_parole, name="diriger_la_parole"),
    path("seances/<int:pk>/animer/points/ajouter/", pages.ajouter_point, name="ajouter_point_en_seance"),
    path("seances/points/<int:pk>/releve/", pages.noter_releve, name="noter_releve"),
    path("seances/votes/<int:pk>/mains/", votes.compter_mains, name="compter_mains"),
    path("seances/votes/<int:pk>/clore/", votes.clore_vote, name="clore_vote"),
    path("seances/points/<int:pk>/decider/", votes.decider, name="decider"),
    path("seances/decisions/<int:pk>/<slug:decision>/", votes.decider_dossier, name="decider_dossier"),
]
