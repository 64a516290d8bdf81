"""Every address of the site × every kind of visitor → what a GET answers. One table, that an agent can read.

To add an address: a line in TABLE with its name, the object of the world it speaks of (see `monde`), and ten statuses, in the order
of VISITEURS. 200 seen, 302 sent elsewhere (an anonymous visitor to sign in), 403 not allowed, 404 does not exist for this person,
405 only by POST, 409 no longer possible. An address that is not in the table fails the first test; a prefix is left to its own
tests only with a reason, in AILLEURS. Run `pytest tests/test_acces.py` and read what differs before writing it down: the
table says what must be, not what is.
"""

from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from participation.socle.actions import demander
from participation.socle.models import Courriel, Document, FiltreEnregistre, Piece
from participation.socle.workflow import Role
from participation.suites.models import Abonnement, ReponseDirection, Suite
from petitions.models import FeuillePapier, Invalidation, TacheCampagne
from petitions.workflow import Etat
from tests.ccspl.monde_avis import monde_des_avis
from tests.ccspl.monde_vie import monde_de_la_vie
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory, sieger
from tests.renouvellement.factories import monde_renouvellement
from tests.seances.monde import monde_des_instances
from tests.seances.monde_deroule import monde_du_deroule
from tests.seances.monde_preparation import monde_de_la_preparation
from tests.seances.monde_proces_verbal import monde_du_proces_verbal
from tests.socle.factories import CompteFactory, DirectionFactory, commune

AILLEURS = {
    "reference/": "L’administration de Django : réservée à is_staff par un seul garde, éprouvé plus bas.",
    "comptes/": "allauth et nos pages de connexion : tests/socle/comptes.",
}

VISITEURS = [
    "anonyme",  # nobody
    "resident",  # an account without role
    "auteur",  # who filed the pétitions of the world
    "membre",  # of the comité de recevabilité
    "accueil",  # reception or field agent
    "direction",  # agent of the direction that was asked
    "commune",  # agent of a commune that was asked nothing
    "elu",
    "agent",  # of the service
    "staff",  # may open the reference tables, has no role
]

TABLE = """
#                                                       ano rés aut mem acc dir com élu age sta
socle:accueil                          -                200 200 200 200 200 200 200 200 200 200
socle:mentions_legales                 -                200 200 200 200 200 200 200 200 200 200
socle:donnees_personnelles             -                200 200 200 200 200 200 200 200 200 200
socle:accessibilite                    -                200 200 200 200 200 200 200 200 200 200
socle:cookies                          -                200 200 200 200 200 200 200 200 200 200
socle:sante                            -                200 200 200 200 200 200 200 200 200 200
socle:repondre_demande                 demande_jeton    200 200 200 200 200 200 200 200 200 200
socle:document                         document         302 404 404 404 404 404 404 404 200 404
socle:document_etat                    document         302 404 404 404 404 404 404 404 200 404
socle:redemander_document              document         302 405 405 405 405 405 405 405 405 405
socle:piece                            piece            302 404 200 404 404 200 404 404 200 404
socle:journee                          -                302 403 403 200 200 200 200 200 200 403
socle:recherche                        -                302 403 403 200 200 200 200 200 200 403
socle:courriels                        -                302 403 403 403 403 403 403 403 200 403
socle:courriel                         courriel         302 403 403 403 403 403 403 403 200 403
socle:renvoyer_courriel                courriel         302 403 403 403 403 403 403 403 302 403
socle:annuler_courriel                 courriel         302 403 403 403 403 403 403 403 302 403
socle:corriger_adresse                 courriel         302 403 403 403 403 403 403 403 200 403
socle:lettres                          -                404 404 404 404 404 404 404 404 404 404
socle:lettre                           courriel         404 404 404 404 404 404 404 404 404 404
socle:lettre_html                      courriel         404 404 404 404 404 404 404 404 404 404
socle:piece_lettre                     courriel         404 404 404 404 404 404 404 404 404 404
socle:dossiers                         -                302 403 403 200 200 200 200 200 200 403
socle:dossier                          deposee          302 404 302 302 404 302 404 404 302 404
socle:prendre_en_charge                deposee          302 403 403 403 403 403 403 403 200 403
socle:noter                            deposee          302 403 403 403 403 403 403 403 200 403
socle:joindre_piece                    deposee          302 403 403 403 403 403 403 403 200 403
socle:auditer                          deposee          302 403 403 403 403 403 403 403 200 403
socle:retirer_piece                    piece            302 403 403 403 403 403 403 403 200 403
socle:relancer_demande                 demande          302 403 403 403 403 403 403 403 200 403
socle:annuler_demande                  demande          302 403 403 403 403 403 403 403 200 403
socle:enregistrer_filtre               -                302 405 405 405 405 405 405 405 405 405
socle:supprimer_filtre                 filtre           302 405 405 405 405 405 405 405 405 405
socle:accueil_compte                   -                302 302 302 302 302 302 302 302 302 302
socle:mon_compte                       -                302 200 200 200 200 200 200 200 200 200
socle:fermer_compte                    -                302 200 200 200 200 200 200 200 200 200
socle:mot_de_passe                     -                200 302 302 302 302 302 302 302 302 302
petitions:commencer                    -                200 200 200 200 200 200 200 200 200 200
petitions:proches                      -                200 200 200 200 200 200 200 200 200 200
petitions:mes_petitions                -                302 200 200 200 200 200 200 200 200 200
petitions:nouvelle                     -                302 200 200 200 200 200 200 200 200 200
petitions:ma_petition                  brouillon        302 404 302 404 404 404 404 404 404 404
petitions:rediger                      brouillon        302 404 200 404 404 404 404 404 404 404
petitions:copetitionnaires             brouillon        302 404 200 404 404 404 404 404 404 404
petitions:deposer                      brouillon        302 404 200 404 404 404 404 404 404 404
petitions:retirer                      en_collecte      302 404 200 404 404 404 404 404 404 404
petitions:confirmer_copetitionnaire    jeton            404 404 404 404 404 404 404 404 404 404
petitions:rejoindre                    jeton            404 404 404 404 404 404 404 404 404 404
petitions:signer                       en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:signature_demandee           en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:ma_signature                 jeton            404 404 404 404 404 404 404 404 404 404
petitions:confirmer_signature          jeton            404 404 404 404 404 404 404 404 404 404
petitions:corriger_signature           jeton            404 404 404 404 404 404 404 404 404 404
petitions:retirer_signature            jeton            404 404 404 404 404 404 404 404 404 404
petitions:refuser_signature            jeton            404 404 404 404 404 404 404 404 404 404
petitions:simuler_seuils               en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:clore_collecte               en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:exporter_signatures          en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:signatures_ecartees          en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:rafales                      en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:invalider_signatures         en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:retablir_signatures          en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:invalidation                 invalidation     302 403 403 403 403 403 403 403 200 403
petitions:lancer_invalidation          invalidation     302 405 405 405 405 405 405 405 405 405
petitions:abandonner_invalidation      invalidation     302 405 405 405 405 405 405 405 405 405
petitions:retablir_invalidation        invalidation     302 405 405 405 405 405 405 405 405 405
petitions:feuilles                     en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:valider_feuille              en_collecte      302 403 403 403 403 403 403 403 302 403
petitions:saisir_feuille               feuille          302 403 403 403 403 403 403 403 200 403
petitions:effacer_ligne                feuille          302 405 405 405 405 405 405 405 405 405
petitions:clore_saisie                 feuille          302 405 405 405 405 405 405 405 405 405
petitions:controler_feuille            feuille          302 403 403 403 403 403 403 403 200 403
petitions:conservation                 -                302 403 403 403 403 403 403 403 200 403
petitions:pseudonymiser                close            302 403 403 403 403 403 403 403 200 403
petitions:tableau                      -                302 403 403 200 403 200 200 200 200 403
petitions:dossier                      deposee          302 403 403 200 403 200 404 404 200 403
petitions:inscrire_au_comite           -                302 403 403 403 403 403 403 403 200 403
petitions:examiner                     deposee          302 403 403 200 403 403 404 404 200 403
petitions:se_deporter                  deposee          302 403 403 200 403 403 404 404 200 403
petitions:demander_reformulation       deposee          302 403 403 403 403 403 403 403 200 403
petitions:demander_avis                deposee          302 403 403 403 403 403 403 403 200 403
petitions:declarer_recevable           deposee          302 403 403 403 403 403 403 403 200 403
petitions:declarer_irrecevable         deposee          302 403 403 403 403 403 403 403 200 403
petitions:transmettre                  deposee          302 403 403 403 403 403 403 403 200 403
petitions:reformuler                   deposee          302 404 302 404 404 404 404 404 404 404
petitions:indicateurs                  -                302 403 403 403 403 403 403 200 200 403
petitions:rapport_annuel               -                302 403 403 403 403 403 403 200 200 403
petitions:ouvrir_collecte              recevable        302 403 403 403 403 403 403 403 200 403
petitions:amender                      recevable        302 403 403 403 403 403 403 403 200 403
petitions:ecrire_facile                recevable        302 403 403 403 403 403 403 403 200 403
petitions:prolonger                    en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:suspendre                    deposee          302 403 403 403 403 403 403 403 200 403
petitions:reprendre                    suspendue        302 403 403 403 403 403 403 403 200 403
petitions:ajouter_tache                deposee          302 403 403 403 403 403 403 403 200 403
petitions:faire_tache                  tache            302 405 405 405 405 405 405 405 405 405
petitions:rouvrir_tache                tache            302 405 405 405 405 405 405 405 405 405
petitions:supprimer_tache              tache            302 405 405 405 405 405 405 405 405 405
petitions:transmettre_note             en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:rencontrer                   en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:inscrire_au_conseil          en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:ouvrir_panel                 a_debattre       302 403 403 403 403 403 403 403 200 403
petitions:recevoir_avis_panel          en_panel         302 403 403 403 403 403 403 403 200 403
petitions:constater_debat              a_debattre       302 403 403 403 403 403 403 403 200 403
petitions:promettre_suite              a_debattre       302 403 403 403 403 403 403 403 200 403
petitions:fixer_restitution            debattue         302 403 403 403 403 403 403 403 200 403
petitions:repondre                     debattue         302 403 403 403 403 403 403 403 200 403
petitions:clore                        repondue         302 403 403 403 403 403 403 403 200 403
petitions:ne_plus_recevoir             jeton            404 404 404 404 404 404 404 404 404 404
petitions:liste                        -                200 200 200 200 200 200 200 200 200 200
petitions:reglement                    -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_ouvertes             -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_json                 -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_csv                  -                200 200 200 200 200 200 200 200 200 200
petitions:atom                         -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_petition             en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:qr                           en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:affiche                      en_collecte      202 202 202 202 202 202 202 202 202 202
petitions:petition                     en_collecte+slug 200 200 200 200 200 200 200 200 200 200
petitions:facile                       en_collecte+slug 404 404 404 404 404 404 404 404 404 404
suites:rendu_compte                    -                200 200 200 200 200 200 200 200 200 200
suites:chiffres                        -                200 200 200 200 200 200 200 200 200 200
suites:donnees_csv                     -                200 200 200 200 200 200 200 200 200 200
suites:donnees_json                    -                200 200 200 200 200 200 200 200 200 200
suites:atom                            -                200 200 200 200 200 200 200 200 200 200
suites:repondre                        suite_jeton      200 200 200 200 200 200 200 200 200 200
suites:suivre                          debattue         200 200 200 200 200 200 200 200 200 200
suites:suivi_demande                   debattue         200 200 200 200 200 200 200 200 200 200
suites:confirmer                       abonnement       200 200 200 200 200 200 200 200 200 200
suites:arreter                         abonnement       200 200 200 200 200 200 200 200 200 200
suites:suites                          -                302 403 403 403 403 200 403 200 200 403
suites:suite                           suite            302 403 403 403 403 200 403 200 200 403
suites:changer_etat                    suite            302 403 403 403 403 200 403 403 200 403
suites:prouver                         suite            302 403 403 403 403 200 403 403 200 403
suites:corriger                        suite            302 403 403 403 403 403 403 403 200 403
suites:deplacer_date                   suite            302 403 403 403 403 403 403 403 200 403
suites:changer_direction               suite            302 403 403 403 403 403 403 403 200 403
suites:relancer                        suite            302 403 403 403 403 403 403 403 200 403
suites:retenir                         reponse          302 403 403 403 403 403 403 403 200 403
suites:ecarter                         reponse          302 403 403 403 403 403 403 403 200 403
seances:seances                        -                302 403 403 403 403 403 403 403 200 403
seances:programmer                     -                302 403 403 403 403 403 403 403 200 403
seances:seance                         prep             302 403 403 403 403 403 403 403 200 403
seances:modifier                       prep             302 403 403 403 403 403 403 403 200 403
seances:ajouter_point                  prep             302 403 403 403 403 403 403 403 200 403
seances:point                          prep_point       302 403 403 403 403 403 403 403 200 403
seances:ordonner                       prep_point       302 405 405 405 405 405 405 405 405 405
seances:retirer_point                  prep_point       302 403 403 403 403 403 403 403 200 403
seances:ajouter_dossier                prep_point       302 405 405 405 405 405 405 405 405 405
seances:retirer_dossier                prep_lien        302 405 405 405 405 405 405 405 405 405
seances:joindre_piece                  prep             302 403 403 403 403 403 403 403 200 403
seances:piece                          prep_piece       302 404 404 200 404 404 404 404 200 404
seances:retirer_piece                  prep_piece       302 403 403 403 403 403 403 403 200 403
seances:convoquer                      prep_programmee  302 403 403 403 403 403 403 403 200 403
seances:deplacer                       prep             302 403 403 403 403 403 403 403 200 403
seances:annuler                        prep             302 403 403 403 403 403 403 403 200 403
seances:informer                       prep             302 403 403 403 403 403 403 403 200 403
seances:relancer_reponses              prep             302 403 403 403 403 403 403 403 200 403
seances:seconde_convocation            prep             302 403 403 403 403 403 403 403 409 403
seances:noter_reponse                  prep_convie      302 403 403 403 403 403 403 403 200 403
seances:convocation                    prep_envoi       302 404 404 200 404 404 404 404 200 404
seances:repondre                       prep_jeton       200 200 200 200 200 200 200 200 200 200
seances:inscrire_demande               prep_demande     302 403 403 403 403 403 403 403 200 403
seances:ma_seance                      prep             302 404 404 200 404 404 404 404 404 404
seances:demandes_points                prep_instance    302 404 404 200 404 404 404 404 404 404
seances:demander_point                 prep_instance    302 404 404 200 404 404 404 404 404 404
seances:soutenir                       prep_demande     302 405 405 405 405 405 405 405 405 405
seances:ne_plus_soutenir               prep_demande     302 405 405 405 405 405 405 405 405 405
seances:retirer_demande                prep_demande     302 405 405 405 405 405 405 405 405 405
seances:proces_verbal          pv               302 403 403 403 403 403 403 403 200 403
seances:rediger_pv             pv               302 405 405 405 405 405 405 405 405 405
seances:ecrire_pv              pv               302 403 403 403 403 403 403 403 200 403
seances:soumettre_pv           pv               302 403 403 403 403 403 403 403 200 403
seances:approuver_pv           pv               302 403 403 403 403 403 403 403 200 403
seances:corriger_pv            pv               302 403 403 403 403 403 403 403 409 403
seances:publier_pv             pv               302 403 403 403 403 403 403 403 409 403
seances:depublier_pv           pv               302 403 403 403 403 403 403 403 409 403
seances:traiter_remarque       pv_remarque      302 405 405 405 405 405 405 405 405 405
seances:fabriquer_feuille       pv               302 405 405 405 405 405 405 405 405 405
seances:lire_proces_verbal     pv               302 404 404 200 404 404 404 404 200 404
seances:proces_verbal_document pv_version       302 404 404 200 404 404 404 404 200 404
seances:proces_verbaux         pv_instance      200 200 200 200 200 200 200 200 200 200
seances:inscription            rencontre        302 404 404 200 404 404 404 404 404 404
seances:inscriptions           rencontre        302 403 403 403 403 403 403 403 200 403
seances:ajouter_inscription    rencontre        302 403 403 403 403 403 403 403 200 403
seances:desinscrire            inscription      302 403 403 403 403 403 403 403 200 403
seances:ma_seance_etat         deroule          302 404 404 200 404 404 404 404 404 404
seances:animer_etat            deroule          302 403 403 403 403 403 403 403 200 403
seances:ecran_etat             deroule          302 403 403 403 403 403 403 403 200 403
seances:ma_seance_en_cours     deroule          302 404 404 200 404 404 404 404 404 404
seances:voter                  deroule          302 405 405 405 405 405 405 405 405 405
seances:parler                 deroule          302 405 405 405 405 405 405 405 405 405
seances:changer_presence       deroule          302 405 405 405 405 405 405 405 405 405
seances:me_deporter            deroule          302 405 405 405 405 405 405 405 405 405
seances:mon_desaccord          deroule          302 404 404 200 404 404 404 404 404 404
seances:saisir_code            -                302 200 200 200 200 200 200 200 200 200
seances:presence_par_lien      deroule_jeton    200 200 200 200 200 200 200 200 200 200
seances:presence               deroule_code     302 200 200 200 200 200 200 200 200 200
seances:ecran                  deroule          302 403 403 403 403 403 403 403 200 403
seances:animer                 deroule          302 403 403 403 403 403 403 403 200 403
seances:ouvrir                 deroule          302 403 403 403 403 403 403 403 302 403
seances:suspendre              deroule          302 405 405 405 405 405 405 405 405 405
seances:reprendre              deroule          302 405 405 405 405 405 405 405 405 405
seances:lever                  deroule          302 403 403 403 403 403 403 403 200 403
seances:reporter               deroule          302 403 403 403 403 403 403 403 200 403
seances:presider               deroule          302 403 403 403 403 403 403 403 200 403
seances:noter_presence         deroule          302 403 403 403 403 403 403 403 405 403
seances:accueillir             deroule          302 403 403 403 403 403 403 403 200 403
seances:corriger_presence      deroule_presence 302 403 403 403 403 403 403 403 200 403
seances:retirer_convie         deroule_convie   302 403 403 403 403 403 403 403 200 403
seances:diriger_la_parole      deroule          302 403 403 403 403 403 403 403 405 403
seances:ajouter_point_en_seance deroule          302 403 403 403 403 403 403 403 200 403
seances:passer_au_point        deroule_point    302 405 405 405 405 405 405 405 405 405
seances:traiter_point          deroule_point    302 405 405 405 405 405 405 405 405 405
seances:reporter_point         deroule_point    302 403 403 403 403 403 403 403 200 403
seances:abandonner_point       deroule_point    302 403 403 403 403 403 403 403 200 403
seances:noter_releve           deroule_point    302 403 403 403 403 403 403 403 200 403
seances:se_deporter            deroule_point    302 403 403 403 403 403 403 403 200 403
seances:lever_deport           deroule_deport   302 405 405 405 405 405 405 405 405 405
seances:noter_desaccord        deroule_point    302 403 403 403 403 403 403 403 200 403
seances:ouvrir_vote            deroule_point    302 403 403 403 403 403 403 403 200 403
seances:compter_mains          deroule_vote     302 403 403 403 403 403 403 403 409 403
seances:voter_pour             deroule_vote     302 403 403 403 403 403 403 403 200 403
seances:clore_vote             deroule_vote     302 403 403 403 403 403 403 403 302 403
seances:annuler_vote           deroule_vote     302 403 403 403 403 403 403 403 200 403
seances:decider                deroule_point    302 403 403 403 403 403 403 403 200 403
seances:decider_dossier        deroule_lien     302 403 403 403 403 403 403 403 200 403
ccspl:commission                      -                        200 200 200 200 200 200 200 200 200 200
ccspl:avis_liste                      -                        200 200 200 200 200 200 200 200 200 200
ccspl:avis                            ecrit_adopte+reference   200 200 200 200 200 200 200 200 200 200
ccspl:donnees_avis                    json                     200 200 200 200 200 200 200 200 200 200
ccspl:accuser                         ecrit_jeton              200 200 200 200 200 200 200 200 200 200
ccspl:tableau                         -                        302 403 403 403 403 200 403 200 200 403
ccspl:calendrier                      -                        302 403 403 403 403 200 403 200 200 403
ccspl:dossier                         ecrit_adopte             302 403 403 403 403 200 403 200 200 403
ccspl:saisir                          -                        302 403 403 403 403 403 403 403 200 403
ccspl:reunions                        -                        302 403 403 403 403 403 403 403 200 403
ccspl:modifier_reunion                ecrit_reunion            302 403 403 403 403 403 403 403 200 403
ccspl:supprimer_reunion               ecrit_reunion            302 403 403 403 403 403 403 403 200 403
ccspl:fonder                          ecrit_saisi              302 403 403 403 403 403 403 403 200 403
ccspl:ouvrir_redaction                ecrit_saisi              302 403 403 403 403 403 403 403 200 403
ccspl:abandonner                      ecrit_saisi              302 403 403 403 403 403 403 403 200 403
ccspl:redaction                       ecrit_en_redaction       302 404 404 404 404 404 404 404 200 404
ccspl:texte_change                    ecrit_en_redaction       302 404 404 404 404 404 404 404 200 404
ccspl:versions                        ecrit_en_redaction       302 404 404 404 404 404 404 404 200 404
ccspl:proposer                        ecrit_en_redaction       302 404 404 404 404 404 404 404 200 404
ccspl:noter_position                  ecrit_en_redaction       302 404 404 404 404 404 404 404 200 404
ccspl:rediger                         ecrit_en_redaction       302 403 403 403 403 403 403 403 200 403
ccspl:rediger_paragraphe              ecrit_paragraphe         302 403 403 403 403 403 403 403 200 403
ccspl:completer_paragraphe            ecrit_paragraphe         302 403 403 403 403 403 403 403 200 403
ccspl:proposer_paragraphe             ecrit_paragraphe         302 404 404 404 404 404 404 404 200 404
ccspl:supprimer_paragraphe            ecrit_paragraphe         302 405 405 405 405 405 405 405 405 405
ccspl:monter_paragraphe               ecrit_paragraphe         302 405 405 405 405 405 405 405 405 405
ccspl:descendre_paragraphe            ecrit_paragraphe         302 405 405 405 405 405 405 405 405 405
ccspl:accepter                        ecrit_proposition        302 403 403 403 403 403 403 403 200 403
ccspl:refuser                         ecrit_proposition        302 403 403 403 403 403 403 403 200 403
ccspl:retirer_proposition             ecrit_proposition        302 405 405 405 405 405 405 405 405 405
ccspl:preconiser                      ecrit_en_redaction       302 403 403 403 403 403 403 403 200 403
ccspl:modifier_preconisation          ecrit_preconisation      302 403 403 403 403 403 403 403 200 403
ccspl:retirer_preconisation           ecrit_preconisation      302 405 405 405 405 405 405 405 405 405
ccspl:soumettre                       ecrit_en_redaction       302 403 403 403 403 403 403 403 200 403
ccspl:rouvrir_redaction               ecrit_soumis             302 403 403 403 403 403 403 403 200 403
ccspl:adopter                         ecrit_soumis             302 403 403 403 403 403 403 403 200 403
ccspl:rejeter                         ecrit_soumis             302 403 403 403 403 403 403 403 200 403
ccspl:transmettre                     ecrit_adopte             302 403 403 403 403 403 403 403 200 403
ccspl:citer                           ecrit_adopte             302 403 403 403 403 403 403 403 200 403
ccspl:resumer                         ecrit_adopte             302 403 403 403 403 403 403 403 200 403
ccspl:promettre_suite                 ecrit_adopte             302 403 403 403 403 403 403 403 200 403
ccspl:repondre                        ecrit_transmis           302 403 403 403 403 403 403 403 200 403
ccspl:rendre_aux_membres              ecrit_transmis           302 403 403 403 403 403 403 403 200 403
ccspl:clore                           ecrit_repondu            302 403 403 403 403 403 403 403 200 403
ccspl:faire_fiche                     ecrit_adopte             302 405 405 405 405 405 405 405 405 405
renouvellement:candidater                    instance_appel           200 200 200 200 200 200 200 200 200 200
renouvellement:deposer_candidature           instance_appel+college   200 200 200 200 200 200 200 200 200 200
renouvellement:candidature_demandee          instance_appel+college   200 200 200 200 200 200 200 200 200 200
renouvellement:ma_candidature                candidature_jeton        200 200 200 200 200 200 200 200 200 200
renouvellement:confirmer_candidature         candidature_jeton        200 200 200 200 200 200 200 200 200 200
renouvellement:corriger_candidature          candidature_jeton        200 200 200 200 200 200 200 200 200 200
renouvellement:retirer_candidature           candidature_jeton        200 200 200 200 200 200 200 200 200 200
renouvellement:repondre_appel                candidature_jeton        200 200 200 200 200 200 200 200 200 200
ccspl:candidater                       -                        301 301 301 301 301 301 301 301 301 301
ccspl:deposer_candidature              campagne_ouverte+college 301 301 301 301 301 301 301 301 301 301
renouvellement:mes_lectures                  -                        302 404 404 404 404 404 404 200 404 404
renouvellement:rendre_lecture                lecture                  302 404 404 404 404 404 404 200 404 404
renouvellement:se_deporter_candidature       lecture                  302 404 404 404 404 404 404 200 404 404
renouvellement:campagnes                     -                        302 403 403 403 403 403 403 403 200 403
renouvellement:preparer_campagne             -                        302 403 403 403 403 403 403 403 200 403
renouvellement:candidatures_a_effacer        -                        302 403 403 403 403 403 403 403 200 403
renouvellement:campagne                      campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:modifier_campagne             campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:regler_colleges               campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:regler_questions              campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:regler_criteres               campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:ouvrir_appel                  campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:noter_parts                   campagne_preparee        302 403 403 403 403 403 403 403 200 403
renouvellement:amender_appel                 campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:prolonger_appel               campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:clore_appel                   campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:abandonner_campagne           campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:equilibre                     campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:candidatures                  campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:composer_comite               campagne_ouverte         302 403 403 403 403 403 403 403 200 403
renouvellement:saisir_candidature            college_ouvert           302 403 403 403 403 403 403 403 200 403
renouvellement:repartir_lectures             campagne_selection       302 405 405 405 405 405 405 405 405 405
renouvellement:ouvrir_selection              campagne_close           302 403 403 403 403 403 403 403 200 403
renouvellement:arreter                       campagne_selection       302 403 403 403 403 403 403 403 200 403
renouvellement:nommer_membres                campagne_arretee         302 403 403 403 403 403 403 403 200 403
renouvellement:installer_mandature           campagne_arretee         302 403 403 403 403 403 403 403 200 403
renouvellement:ajouter_etape                 campagne_arretee         302 403 403 403 403 403 403 403 200 403
renouvellement:effacer_candidatures          campagne_arretee         302 403 403 403 403 403 403 403 200 403
renouvellement:cocher_etape                  etape_installation       302 405 405 405 405 405 405 405 405 405
renouvellement:retirer_relecteur             relecteur                302 405 405 405 405 405 405 405 405 405
renouvellement:classement                    college_selection        302 403 403 403 403 403 403 403 200 403
renouvellement:proposer_selection            college_selection        302 403 403 403 403 403 403 403 200 403
renouvellement:saisir_tirage                 college_tire             302 403 403 403 403 403 403 403 200 403
renouvellement:appeler_suivant               college_arrete           302 403 403 403 403 403 403 403 200 403
renouvellement:candidature                   candidature              302 403 403 403 403 403 403 403 200 403
renouvellement:corriger_candidature_agent    candidature              302 403 403 403 403 403 403 403 200 403
renouvellement:retirer_candidature_agent     candidature              302 403 403 403 403 403 403 403 200 403
renouvellement:declarer_eligible             candidature              302 403 403 403 403 403 403 403 200 403
renouvellement:declarer_non_eligible         candidature              302 403 403 403 403 403 403 403 200 403
renouvellement:decider_candidature           candidature_lue          302 403 403 403 403 403 403 403 200 403
renouvellement:noter_reponse                 candidature              302 405 405 405 405 405 405 405 405 405
seances:instances_publiques            -                200 200 200 200 200 200 200 200 200 200
seances:calendrier_public              -                200 200 200 200 200 200 200 200 200 200
seances:composition                    instance         200 200 200 200 200 200 200 200 200 200
seances:agenda_tous                    -                200 200 200 200 200 200 200 200 200 200
seances:agenda_public                  instance         200 200 200 200 200 200 200 200 200 200
seances:agenda_personnel               agenda           200 200 200 200 200 200 200 200 200 200
seances:calendrier                     -                302 403 403 200 200 200 200 200 200 403
seances:programme                      instance+annee   302 403 403 403 403 200 403 200 200 403
seances:instances                      -                302 403 403 403 403 403 403 403 200 403
seances:creer_instance                 -                302 403 403 403 403 403 403 403 200 403
seances:instance                       instance         302 403 403 403 403 403 403 403 200 403
seances:modifier_instance              instance         302 403 403 403 403 403 403 403 200 403
seances:ecrire_reglement               instance         302 403 403 403 403 403 403 403 200 403
seances:ouvrir_mandature               instance         302 403 403 403 403 403 403 403 200 403
seances:modifier_mandature             mandature        302 403 403 403 403 403 403 403 200 403
seances:installer                      mandature        302 403 403 403 403 403 403 403 200 403
seances:creer_college                  mandature        302 403 403 403 403 403 403 403 200 403
seances:modifier_college               college          302 403 403 403 403 403 403 403 200 403
seances:nommer                         college          302 403 403 403 403 403 403 403 200 403
seances:membre                         mandat           302 403 403 403 403 403 403 403 200 403
seances:modifier_membre                mandat           302 403 403 403 403 403 403 403 200 403
seances:mettre_fin                     mandat           302 403 403 403 403 403 403 403 200 403
seances:remplacer                      mandat           302 403 403 403 403 403 403 403 200 403
seances:preparer_annee                 instance+annee   302 403 403 403 403 403 403 403 200 403
seances:ajouter_prevision              instance+annee   302 403 403 403 403 403 403 403 200 403
seances:ajouter_recurrence             instance         302 403 403 403 403 403 403 403 200 403
seances:modifier_recurrence            recurrence       302 403 403 403 403 403 403 403 200 403
seances:deplacer_prevision             prevision        302 403 403 403 403 403 403 403 200 403
seances:abandonner_prevision           prevision        302 403 403 403 403 403 403 403 200 403
seances:inscrire_prevision             prevision        302 403 403 403 403 403 403 403 200 403
seances:espace                         -                302 404 404 200 404 404 404 404 404 404
seances:profil                         -                302 404 404 200 404 404 404 404 404 404
seances:mon_instance                   instance         302 404 404 200 404 404 404 404 404 404
seances:annuaire                       instance         302 404 404 200 404 404 404 404 404 404
seances:renouveler_agenda              -                302 405 405 405 405 405 405 405 405 405
ccspl:tableau_de_bord                  -                302 403 403 403 403 403 403 200 200 403
ccspl:avis_rendus                      -                302 403 403 403 403 403 403 200 200 403
ccspl:recommandations                  -                302 403 403 403 403 403 403 200 200 403
ccspl:demander_intervention            avis_adopte      302 405 405 405 405 405 405 405 405 405
ccspl:s_abonner_au_resume              -                302 405 405 405 405 405 405 405 405 405
ccspl:arreter_le_resume                -                302 405 405 405 405 405 405 405 405 405
ccspl:ne_plus_recevoir_resume          resume           200 200 200 200 200 200 200 200 200 200
ccspl:bibliotheque                     -                200 200 200 200 200 200 200 200 200 200
ccspl:bibliotheque_des_membres         -                302 404 404 404 404 404 404 404 200 404
ccspl:fichier_bibliotheque             bibliotheque+version 302 404 404 404 404 404 404 404 200 404
ccspl:vie                              -                302 403 403 403 403 403 403 403 200 403
ccspl:participation                    -                302 403 403 403 403 403 403 403 200 403
ccspl:suivi_membre                     membre_ccspl     302 403 403 403 403 403 403 403 200 403
ccspl:prendre_des_nouvelles            membre_ccspl     302 403 403 403 403 403 403 403 200 403
ccspl:visites                          -                302 403 403 403 403 403 403 403 200 403
ccspl:documents_bibliotheque           -                302 403 403 403 403 403 403 403 200 403
ccspl:ajouter_document                 -                302 403 403 403 403 403 403 403 200 403
ccspl:document_bibliotheque            bibliotheque     302 403 403 403 403 403 403 403 200 403
ccspl:modifier_document                bibliotheque     302 403 403 403 403 403 403 403 200 403
ccspl:remplacer_document               bibliotheque     302 403 403 403 403 403 403 403 200 403
ccspl:retirer_document                 bibliotheque     302 403 403 403 403 403 403 403 200 403
ccspl:rapport_annuel                   -                302 403 403 403 403 403 403 200 200 403
ccspl:rediger_rapport                  annee            302 403 403 403 403 403 403 403 200 403
ccspl:preparer_rapport                 annee            302 403 403 403 403 403 403 403 200 403
ccspl:arreter_rapport                  annee            302 403 403 403 403 403 403 403 200 403
ccspl:publier_rapport                  annee_arretee    302 403 403 403 403 403 403 403 200 403
"""


def lire_table() -> dict[str, tuple[str, list[int]]]:
    lignes = {}
    for ligne in TABLE.strip().splitlines():
        if ligne.strip() and not ligne.startswith("#"):
            nom, objet, *statuts = ligne.split()
            assert len(statuts) == len(VISITEURS), ligne
            assert nom not in lignes, f"{nom} est deux fois dans la table."
            lignes[nom] = (objet, [int(statut) for statut in statuts])
    return lignes


def adresses(resolveur: URLResolver, chemin: str = "", espace: str = "") -> Iterator[tuple[str, str]]:
    """(name, path) of every door."""
    for porte in resolveur.url_patterns:
        suite = chemin + str(porte.pattern)
        if isinstance(porte, URLResolver):
            yield from adresses(porte, suite, f"{espace}{porte.namespace}:" if porte.namespace else espace)
        elif isinstance(porte, URLPattern):
            yield f"{espace}{porte.name or suite}", suite


def est_ailleurs(chemin: str) -> bool:
    return any(chemin.startswith(prefixe) for prefixe in AILLEURS)


def test_every_address_is_in_the_table() -> None:
    existantes = {nom for nom, chemin in adresses(get_resolver()) if not est_ailleurs(chemin)}

    table = set(lire_table())

    assert existantes - table == set(), "Adresses à ajouter à la table."
    assert table - existantes == set(), "Adresses de la table qui n’existent plus."


@pytest.fixture
def monde(db, settings, tmp_path) -> dict[str, list[object]]:
    """One object for each word of the table's second column: the arguments of the address."""
    settings.MEDIA_ROOT = tmp_path
    direction = DirectionFactory()
    comptes = {
        "resident": CompteFactory(),
        "auteur": CompteFactory(),
        "membre": CompteFactory(role=Role.MEMBRE),
        "accueil": CompteFactory(role=Role.ACCUEIL),
        "direction": CompteFactory(role=Role.AGENT_DIRECTION, direction=direction),
        "commune": CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Meylan")),
        "elu": CompteFactory(role=Role.ELU),
        "agent": CompteFactory(role=Role.AGENT),
        "staff": CompteFactory(is_staff=True),
    }
    sieger(comptes["membre"])
    auteur, agent = comptes["auteur"], comptes["agent"]
    petitions = {
        etat: PetitionFactory(auteur=auteur, **({} if etat == "brouillon" else {etat: True}))
        for etat in (
            "brouillon",
            "deposee",
            "recevable",
            "irrecevable",
            "en_collecte",
            "collecte_close",
            "a_debattre",
            "en_panel",
            "debattue",
            "repondue",
            "close",
        )
    }
    petitions["suspendue"] = PetitionFactory(
        auteur=auteur, en_collecte=True, etat=Etat.SUSPENDUE, etat_suspendu=Etat.EN_COLLECTE
    )
    deposee, ouverte = petitions["deposee"], petitions["en_collecte"]
    demande = demander(
        deposee,
        par=agent,
        nature="avis",
        a=direction,
        objet="Est-ce possible ?",
        texte="Dites-nous.",
        date_limite=timezone.localdate(),
    )
    piece = Piece(
        dossier_id=deposee.pk,
        titre="Carte",
        nom="carte.txt",
        type_mime="text/plain",
        taille=5,
        sha256="0" * 64,
        par=auteur,
    )
    piece.fichier.save("carte.txt", ContentFile(b"carte"))
    document = Document(
        dossier_id=deposee.pk,
        nature="socle/audit",
        titre="Dossier",
        etat="pret",
        sha256="0" * 64,
        par=agent,
        est_interne=True,
    )
    document.fichier.save("d.pdf", ContentFile(b"%PDF-1.7"))
    echec = Courriel.objects.create(
        expediteur="s@example.org",
        destinataires=["x@example.org"],
        sujet="Bonjour",
        corps="Bonjour.",
        acte="socle/essai",
        etat="echec",
    )
    filtre = FiltreEnregistre.objects.create(
        compte=agent, liste="socle:dossiers", nom="Les miens", requete="agent=moi"
    )
    copetitionnaire = CoPetitionnaireFactory(petition=petitions["brouillon"])
    signature = SignatureFactory(petition=ouverte)
    invalidation = Invalidation.objects.create(petition=ouverte, motif="Essai", par=agent)
    feuille = FeuillePapier.objects.create(petition=ouverte, numero=1)
    jour = timezone.localdate()
    suite = Suite.objects.create(
        dossier=petitions["debattue"], intitule="Un essai", direction=direction, date_limite=jour
    )
    reponse_suite = ReponseDirection.objects.create(
        suite=suite, direction=direction, etat="suivie", texte_public="Ce sera fait.", nom="Hélène Arnoux"
    )
    abonnement = Abonnement.objects.create(dossier=petitions["debattue"], courriel="abonne@example.org")
    tache = TacheCampagne.objects.create(petition=ouverte, intitule="Écrire un article", date_limite=jour)
    return {
        **monde_des_instances(comptes["membre"]),
        **monde_du_deroule(comptes["membre"], deposee),
        **monde_du_proces_verbal(comptes["membre"], comptes["agent"]),
        **monde_de_la_preparation(comptes["membre"], deposee),
        "comptes": comptes,
        "-": [],
        **monde_des_avis(agent),
        **monde_de_la_vie(agent, comptes["elu"]),
        **monde_renouvellement(comptes["elu"]),
        "demande": [demande.pk],
        "demande_jeton": [demande.jeton()],
        "piece": [piece.pk],
        "document": [document.cle_publique],
        "courriel": [echec.pk],
        "filtre": [filtre.pk],
        "jeton": ["faux"],
        "suite": [suite.pk],
        "suite_jeton": [suite.jeton()],
        "reponse": [reponse_suite.pk],
        "abonnement": [abonnement.cle],
        "tache": [tache.pk],
        "copetitionnaire": [copetitionnaire.pk],
        "signature": [signature.pk],
        "invalidation": [invalidation.pk],
        "feuille": [feuille.pk],
        "version": [deposee.reglement.version],
        **{etat: [petition.pk] for etat, petition in petitions.items()},
        **{f"{etat}+slug": [petition.pk, petition.slug] for etat, petition in petitions.items()},
        "brouillon+etape": [petitions["brouillon"].pk, "demande"],
    }


def constater(monde: dict[str, list[object]], visiteur: str, noms: dict[str, str]) -> dict[str, int]:
    """What this visitor gets at each address, GET only, nothing of it kept."""
    client = Client(raise_request_exception=False)
    if visiteur != "anonyme":
        client.force_login(monde["comptes"][visiteur])
    constats = {}
    for nom, objet in noms.items():
        with transaction.atomic():
            reponse = client.get(reverse(nom, args=monde[objet]))
            constats[nom] = reponse.status_code
            for fermer in reponse._resource_closers:  # not close(): it would end the test's connection
                fermer()
            transaction.set_rollback(True)
    return constats


@pytest.mark.parametrize("visiteur", VISITEURS)
def test_each_visitor_gets_what_the_table_says(monde, visiteur: str) -> None:
    table = lire_table()

    constats = constater(monde, visiteur, {nom: objet for nom, (objet, _) in table.items()})

    rang = VISITEURS.index(visiteur)
    ecarts = [
        f"{nom} : {constats[nom]} au lieu de {attendus[rang]}"
        for nom, (_, attendus) in table.items()
        if attendus[rang] != constats[nom]
    ]
    assert ecarts == []


@pytest.mark.parametrize("chemin", ["/reference/", "/reference/socle/commune/", "/reference/socle/compte/"])
def test_the_reference_tables_are_open_to_staff_alone(monde, chemin: str) -> None:
    client = Client()
    for visiteur, compte in monde["comptes"].items():
        client.force_login(compte)

        statut = client.get(chemin).status_code

        assert (statut == 200) is (visiteur == "staff" and chemin == "/reference/"), visiteur
