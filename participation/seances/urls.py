"""URLs of the instances and their séances."""

from django.urls import URLPattern, path

from participation.seances import espace, fiche, inscriptions, preparation, public, trouver
from participation.seances.calendrier import vues as calendrier
from participation.seances.convocation import actes as actes_convocation
from participation.seances.convocation import reponses, seconde
from participation.seances.convocation import vues as convocation
from participation.seances.ecrans import tenue
from participation.seances.ecrans.vues import animer, ecran, membre, pages, votes
from participation.seances.instances import actes as actes_instances
from participation.seances.instances import vues as instances
from participation.seances.membres import actes as actes_membres
from participation.seances.membres import fins
from participation.seances.membres import vues as membres
from participation.seances.models import Instance, ProcesVerbal, Seance
from participation.seances.ordre_du_jour import actes as actes_ordre_du_jour
from participation.seances.ordre_du_jour import demandes, pieces
from participation.seances.ordre_du_jour import vues as ordre_du_jour
from participation.seances.ordre_du_jour.programme import actes as actes_programme
from participation.seances.ordre_du_jour.programme import vues as programme
from participation.seances.points import actes as actes_points
from participation.seances.points import bulletins
from participation.seances.presence import actes as actes_presence
from participation.seances.presence import vues as presence
from participation.seances.proces_verbaux import actes as actes_proces_verbaux
from participation.seances.proces_verbaux import vues as proces_verbaux
from participation.seances.votes import actes as actes_votes
from participation.seances.votes import papier
from participation.seances.votes.elections import actes as elections
from participation.socle.views.pages import routes

app_name = "seances"
BUREAU = "seances/instances/"
urlpatterns: list[URLPattern] = [
    # The three screens of a séance under way
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
    *routes("seances/<int:pk>/animer/", Seance, pages.seance_a_animer, tenue, actes_presence),
    *routes("seances/presences/<int:pk>/", Seance, pages.presence_animee, actes_presence, sur="presence"),
    *routes("seances/convies/<int:pk>/", Seance, pages.convie_anime, actes_presence, sur="convie"),
    *routes(
        "seances/points/<int:pk>/",
        Seance,
        animer.trouver_point,
        actes_points,
        bulletins,
        actes_votes,
        elections,
        sur="point",
    ),
    *routes("seances/deports/<int:pk>/", Seance, pages.deport_anime, actes_points, sur="deport"),
    *routes("seances/votes/<int:pk>/", Seance, pages.vote_anime, actes_votes, papier, sur="vote"),
    *routes("seances/elections/<int:pk>/", Seance, pages.election_animee, elections, sur="election"),
    *routes("seances/comptes-papier/<int:pk>/", Seance, pages.compte_anime, papier, sur="comptepapier"),
    path("seances/<int:pk>/animer/presence/", animer.noter_presence, name="noter_presence"),
    path("seances/<int:pk>/animer/parole/", animer.diriger_la_parole, name="diriger_la_parole"),
    path("seances/<int:pk>/animer/points/ajouter/", pages.ajouter_point, name="ajouter_point_en_seance"),
    path("seances/points/<int:pk>/releve/", pages.noter_releve, name="noter_releve"),
    path("seances/votes/<int:pk>/mains/", votes.compter_mains, name="compter_mains"),
    path("seances/votes/<int:pk>/clore/", votes.clore_vote, name="clore_vote"),
    path("seances/points/<int:pk>/decider/", votes.decider, name="decider"),
    path("seances/decisions/<int:pk>/<slug:decision>/", votes.decider_dossier, name="decider_dossier"),
    # Instances, mandatures and members, the calendar and its feeds
    # Public pages
    path("instances/", public.instances_index, name="instances_publiques"),
    path("instances/calendrier/", calendrier.calendrier_public, name="calendrier_public"),
    path("instances/seances/<int:pk>/", public.seance_publique, name="seance_publique"),
    path("instances/<slug:cle>/", public.composition, name="composition"),
    path("agenda.ics", calendrier.agenda_tous, name="agenda_tous"),
    path("agenda/<slug:cle>.ics", calendrier.agenda_public, name="agenda_public"),
    path("agenda/moi/<cle_secrete:cle>.ics", calendrier.agenda_personnel, name="agenda_personnel"),
    # Back office
    path("seances/calendrier/", calendrier.calendrier, name="calendrier"),
    path(BUREAU, instances.instances, name="instances"),
    path(f"{BUREAU}ajouter/", instances.creer_instance, name="creer_instance"),
    path(f"{BUREAU}<slug:cle>/", instances.instance, name="instance"),
    *routes(f"{BUREAU}<slug:cle>/", Instance, trouver.instance_du_bureau, actes_instances, actes_programme),
    path(f"{BUREAU}<slug:cle>/programme/<int:annee>/", programme.programme, name="programme"),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/preparer/", programme.preparer_annee, name="preparer_annee"
    ),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/ajouter/",
        programme.ajouter_prevision,
        name="ajouter_prevision",
    ),
    path("seances/membres/<int:pk>/", membres.membre, name="membre"),
    *routes(
        "seances/mandatures/<int:pk>/",
        Instance,
        trouver.mandature_du_bureau,
        actes_instances,
        sur="mandature",
    ),
    *routes(
        "seances/colleges/<int:pk>/",
        Instance,
        trouver.college_du_bureau,
        actes_instances,
        actes_membres,
        elections,
        sur="college",
    ),
    *routes(
        "seances/membres/<int:pk>/", Instance, trouver.membre_du_bureau, actes_membres, fins, sur="membre"
    ),
    *routes(
        "seances/points-recurrents/<int:pk>/",
        Instance,
        trouver.recurrence_du_bureau,
        actes_programme,
        sur="recurrence",
    ),
    *routes(
        "seances/programme/<int:pk>/", Instance, trouver.prevision_du_bureau, actes_programme, sur="prevision"
    ),
    # Members' space
    path("mes-instances/", espace.espace, name="espace"),
    path("mes-instances/profil/", espace.profil, name="profil"),
    path("mes-instances/agenda/", espace.mon_agenda, name="renouveler_agenda"),
    path("mes-instances/<slug:cle>/", espace.mon_instance, name="mon_instance"),
    path("mes-instances/<slug:cle>/annuaire/", espace.annuaire, name="annuaire"),
    # A séance before it is held: agenda, documents, convocation, answers
    path("seances/", fiche.seances, name="seances"),
    path("seances/programmer/", preparation.seance_a_programmer, name="programmer"),
    path("seances/repondre/<jeton:jeton>/", convocation.repondre_par_lien, name="repondre"),
    path("seances/<int:pk>/", fiche.seance, name="seance"),
    path("seances/points/<int:pk>/", ordre_du_jour.point, name="point"),
    path("seances/points/<int:pk>/ajouter-dossier/", ordre_du_jour.ajouter_dossier, name="ajouter_dossier"),
    path("seances/pieces/<int:pk>/", pieces.piece, name="piece"),
    path("seances/convocations/<int:pk>/", convocation.document, name="convocation"),
    *routes(
        "seances/<int:pk>/",
        Seance,
        trouver.trouver_seance,
        preparation,
        actes_ordre_du_jour,
        fiche,
        pieces.PAGES_PIECES_JOINTES,
        actes_convocation,
        reponses,
        seconde,
    ),
    *routes("seances/points/<int:pk>/", Seance, trouver.trouver_point, ordre_du_jour.PAGES_POINTS),
    *routes(
        "seances/points/dossiers/<int:pk>/",
        Seance,
        trouver.trouver_lien,
        actes_ordre_du_jour,
        sur="pointdossier",
    ),
    *routes("seances/invites/<int:pk>/", Seance, trouver.trouver_invite, fiche, sur="invite"),
    *routes("seances/pieces/<int:pk>/", Seance, trouver.trouver_piece, pieces, sur="pieceseance"),
    *routes("seances/convies/<int:pk>/", Seance, trouver.convie_du_bureau, convocation.PAGES_CONVIES),
    *routes("seances/demandes/<int:pk>/", Instance, trouver.demande_du_bureau, demandes, sur="demandepoint"),
    path("mes-instances/seances/<int:pk>/", convocation.ma_seance, name="ma_seance"),
    path("mes-instances/<slug:cle>/demandes/", demandes.demandes_points, name="demandes_points"),
    path("mes-instances/<slug:cle>/demandes/nouvelle/", demandes.point_a_demander, name="demander_point"),
    *routes(
        "mes-instances/demandes/<int:pk>/", Instance, demandes.demande_a_soutenir, demandes.PAGES_MEMBRES
    ),
    # Procès-verbaux, attendance sheets, visits and trainings
    path("seances/<int:pk>/proces-verbal/", proces_verbaux.proces_verbal, name="proces_verbal"),
    path("seances/<int:pk>/proces-verbal/rediger/", proces_verbaux.rediger, name="rediger_pv"),
    path("seances/<int:pk>/proces-verbal/ecrire/", proces_verbaux.ecrire, name="ecrire_pv"),
    path("seances/<int:pk>/proces-verbal/corriger/", proces_verbaux.corriger, name="corriger_pv"),
    *routes(
        "seances/<int:pk>/proces-verbal/", ProcesVerbal, trouver.proces_verbal_du_bureau, actes_proces_verbaux
    ),
    *routes(
        "seances/remarques/<int:pk>/",
        ProcesVerbal,
        trouver.remarque_du_bureau,
        actes_proces_verbaux,
        sur="remarquepv",
    ),
    path("seances/<int:pk>/feuille-de-presence/", proces_verbaux.feuille_presence, name="fabriquer_feuille"),
    path("proces-verbaux/<int:pk>/", proces_verbaux.lire_proces_verbal, name="lire_proces_verbal"),
    path("proces-verbaux/versions/<int:pk>.pdf", proces_verbaux.document, name="proces_verbal_document"),
    path("instances/<slug:cle>/proces-verbaux/", proces_verbaux.proces_verbaux, name="proces_verbaux"),
    path("seances/<int:pk>/inscriptions/", inscriptions.inscriptions, name="inscriptions"),
    path("seances/<int:pk>/inscriptions/ajouter/", inscriptions.ajouter, name="ajouter_inscription"),
    *routes("inscriptions/<int:pk>/", Seance, trouver.inscription_du_bureau, inscriptions, sur="inscription"),
    path("mes-instances/rencontres/<int:pk>/", inscriptions.inscription, name="inscription"),
]
