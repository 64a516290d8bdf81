"""URLs of the remontées."""

from django.urls import URLPattern, path

from participation.socle.views.pages import pages_de, routes
from remontees import conservation, modeles, personne, trouver
from remontees.boite import vues as courriels_recus
from remontees.comite import actes as actes_du_comite
from remontees.comite import signaux
from remontees.comite import vues as comite
from remontees.dossiers import vues as bureau
from remontees.messages import actes as actes_des_messages
from remontees.messages import satisfaction
from remontees.messages import vues as echanges
from remontees.models import Remontee, Sujet
from remontees.open311 import vues as clients_open311
from remontees.parts import actes as parts
from remontees.parts import reponse
from remontees.parts import vues as liens
from remontees.reception import imports
from remontees.reception import vues as receptions
from remontees.routage import vues as routage
from remontees.sujets import actes as sujets
from remontees.sujets import vues as publiques
from remontees.tri import actes as actes_du_tri
from remontees.tri import drapeaux, rapprochement
from remontees.tri import vues as tri

app_name = "remontees"
urlpatterns: list[URLPattern] = [
    # Public pages
    path("", publiques.vous_l_avez_dit, name="vous_l_avez_dit"),
    path("vous-l-avez-dit/chiffres/", publiques.chiffres, name="chiffres"),
    path("vous-l-avez-dit/sujets.csv", publiques.donnees_csv, name="donnees_csv"),
    path("vous-l-avez-dit/sujets.json", publiques.donnees_json, name="donnees_json"),
    path("vous-l-avez-dit/atom.xml", publiques.atom, name="atom"),
    path("vous-l-avez-dit/carte/", publiques.carte_publique, name="carte_publique"),
    path("carte/", publiques.carte_du_bureau, name="carte_du_bureau"),
    path("vous-l-avez-dit/<slug:reference>/", publiques.sujet_public, name="sujet_public"),
    path("vous-l-avez-dit/<slug:reference>/image.png", publiques.image_du_sujet, name="image_du_sujet"),
    path("open311/", clients_open311.clients, name="clients_open311"),
    path("open311/<int:pk>/retirer/", clients_open311.retirer_client, name="retirer_client_open311"),
    # Triage
    path("trier/", tri.trier, name="trier"),
    path("trier/apprentissage/", tri.apprentissage, name="apprentissage"),
    path("regles/", routage.regles, name="regles"),
    path("regles/nouvelle/", routage.regle, name="nouvelle_regle"),
    path("regles/<int:pk>/", routage.regle, name="regle"),
    path("modeles/", modeles.modeles, name="modeles"),
    path("modeles/nouveau/", modeles.modele, name="nouveau_modele"),
    path("modeles/<int:pk>/", modeles.modele, name="modele"),
    # Office
    path("dossiers/", bureau.remontees, name="remontees"),
    *routes("dossiers/", Remontee, Remontee, {"saisir": actes_du_tri.SAISIR}),
    path("dossiers/<int:pk>/", bureau.remontee, name="remontee"),
    *routes(
        "dossiers/<int:pk>/",
        Remontee,
        trouver.remontee_du_bureau,
        {"rattacher": rapprochement.RATTACHER},
        actes_du_tri,
        drapeaux,
        rapprochement,
        sujets,
        reponse,
        conservation,
        actes_des_messages,
        personne,
    ),
    *routes("messages/<int:pk>/", Remontee, echanges.message_du_bureau, actes_des_messages, sur="message"),
    path("courriels-recus/", courriels_recus.courriels_recus_liste, name="courriels_recus"),
    path("courriels-recus/<uuid:cle>/", courriels_recus.courriel_recu, name="courriel_recu"),
    path(
        "courriels-recus/<uuid:cle>/reprendre/", courriels_recus.reprendre_courriel, name="reprendre_courriel"
    ),
    path("courriels-recus/<uuid:cle>/ranger/", courriels_recus.ranger_courriel, name="ranger_courriel"),
    path(
        "courriels-recus/<uuid:cle>/original.eml", courriels_recus.courriel_original, name="courriel_original"
    ),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.import_fichier, name="import_fichier"),
    path("imports/<int:pk>/lignes-refusees.csv", imports.rejets, name="rejets"),
    path("comite/", comite.preparer, name="preparer_comite"),
    path("rapport/", comite.rapport, name="rapport"),
    path("arrivees/", receptions.receptions, name="receptions"),
    path("signaux/", signaux.page_des_signaux, name="signaux"),
    path("conservation/", conservation.conservation, name="conservation"),
    path("sujets/", bureau.sujets, name="sujets"),
    *routes("sujets/", Sujet, Sujet, sujets),
    path("sujets/<int:pk>/", bureau.sujet, name="sujet"),
    *routes(
        "sujets/<int:pk>/",
        Sujet,
        trouver.sujet_du_bureau,
        {"attribuer_sujet": actes_du_tri.ATTRIBUER_SUJET},
        sujets,
    ),
    *routes(
        "suites/<int:pk>/",
        Remontee,
        trouver.traite_du_bureau,
        {"ajouter_suite": bureau.AJOUTER_SUITE},
        actes_du_comite,
    ),
    *routes("parts/<int:pk>/", Remontee, trouver.part_du_bureau, parts, sur="attribution"),
    # Form open to everyone
    path("dire/", receptions.dire, name="dire"),
    path("dire/recue/<cle_secrete:cle>/", receptions.recue, name="recue"),
    path("dire/<slug:code>/", receptions.dire_sur, name="dire_sur"),
    # Capture by reception and field agents
    path("noter/", receptions.noter, name="noter"),
    path("noter/ma-liste/", receptions.ma_liste, name="ma_liste"),
    path("noter/papier/<int:pk>/", receptions.remontee_sur_papier, name="remontee_sur_papier"),
    path("noter/jeton/", receptions.jeton_de_saisie, name="jeton_de_saisie"),
    path("noter/manifest.webmanifest", receptions.manifeste_de_saisie, name="manifeste_de_saisie"),
    path("noter/service.js", receptions.service_de_saisie, name="service_de_saisie"),
    # Signed links
    path("service/<jeton:jeton>/", liens.attribution, name="attribution"),
    path("service/<jeton:jeton>/pieces/<int:pk>/", liens.piece_de_la_part, name="piece_de_la_part"),
    path("suivi/<jeton:jeton>/", echanges.suivi, name="suivi"),
    path("suivi/<jeton:jeton>/regle/", echanges.dire_que_c_est_regle, name="dire_regle"),
    path("satisfaction/<jeton:jeton>/", satisfaction.satisfaction, name="satisfaction"),
]
