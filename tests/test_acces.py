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
from participation.socle.models import Courriel, Document, Export, FiltreEnregistre, Piece
from participation.socle.workflow import Role
from participation.suites.models import Abonnement, ReponseDirection, Suite
from petitions.models import (
    FeuilleCopetitionnaires,
    FeuillePapier,
    Invalidation,
    Jalon,
    Nouvelle,
    SeuilEnAttente,
    TacheCampagne,
)
from petitions.workflow import Etat
from tests.ccspl.monde_avis import monde_des_avis
from tests.ccspl.monde_vie import monde_de_la_vie
from tests.contrat_ville.monde import monde_du_contrat
from tests.contrat_ville.monde_inter_quartiers import monde_inter_quartiers
from tests.contrat_ville.monde_quartiers import monde_des_quartiers
from tests.contrat_ville.monde_vote import monde_du_vote
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory, sieger
from tests.remontees.monde import monde_des_remontees
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
socle:chiffres_cles                    -                200 200 200 200 200 200 200 200 200 200
socle:mentions_legales                 -                200 200 200 200 200 200 200 200 200 200
socle:donnees_personnelles             -                200 200 200 200 200 200 200 200 200 200
socle:accessibilite                    -                200 200 200 200 200 200 200 200 200 200
socle:cookies                          -                200 200 200 200 200 200 200 200 200 200
socle:robots                           -                200 200 200 200 200 200 200 200 200 200
socle:plan                             -                200 200 200 200 200 200 200 200 200 200
socle:securite                         -                200 200 200 200 200 200 200 200 200 200
socle:changer_mot_de_passe             -                302 302 302 302 302 302 302 302 302 302
socle:favicon                          -                302 302 302 302 302 302 302 302 302 302
socle:manifeste                        -                200 200 200 200 200 200 200 200 200 200
socle:opensearch                       -                200 200 200 200 200 200 200 200 200 200
socle:sante                            -                200 200 200 200 200 200 200 200 200 200
socle:lien_court                       rem_lien_court   302 302 302 302 302 302 302 302 302 302
socle:repondre_demande                 demande_jeton    200 200 200 200 200 200 200 200 200 200
socle:piece_de_la_demande              demande_piece    200 200 200 200 200 200 200 200 200 200
socle:document                         document         302 404 404 404 404 404 404 404 200 404
socle:document_etat                    document         302 404 404 404 404 404 404 404 200 404
socle:export                           export           302 404 404 404 404 404 404 404 200 404
socle:fichier_export                   export           302 404 404 404 404 404 404 404 200 404
socle:redemander_document              document         302 405 405 405 405 405 405 405 405 405
socle:piece                            piece            302 404 200 404 404 200 404 404 200 404
socle:journee                          -                302 403 403 200 200 200 200 200 200 403
socle:recherche                        -                302 403 403 200 200 200 200 200 200 403
socle:courriels                        -                302 403 403 403 403 403 403 403 200 403
socle:courriels_retenus                -                302 403 403 403 403 403 403 403 200 403
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
petitions:feuille_a_signer             feuille_copet    302 404 200 404 404 404 404 404 404 404
petitions:code_de_feuille              -                302 403 403 403 403 403 403 403 200 403
petitions:saisir_copetitionnaire       code             302 403 403 403 403 403 403 403 200 403
petitions:effacer_copetitionnaire      code_et_ligne    302 403 403 403 403 403 403 403 405 403
petitions:deposer                      brouillon        302 404 200 404 404 404 404 404 404 404
petitions:retirer                      en_collecte      302 404 200 404 404 404 404 404 404 404
petitions:confirmer_copetitionnaire    jeton            404 404 404 404 404 404 404 404 404 404
petitions:signer_copetitionnaire       jeton            404 404 404 404 404 404 404 404 404 404
petitions:rejoindre                    jeton            404 404 404 404 404 404 404 404 404 404
petitions:signer                       en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:signature_demandee           en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:ma_signature                 jeton            404 404 404 404 404 404 404 404 404 404
petitions:confirmer_signature          jeton            404 404 404 404 404 404 404 404 404 404
petitions:corriger_signature           jeton            404 404 404 404 404 404 404 404 404 404
petitions:retirer_signature            jeton            404 404 404 404 404 404 404 404 404 404
petitions:refuser_signature            jeton            404 404 404 404 404 404 404 404 404 404
petitions:lever_refus                  jeton            404 404 404 404 404 404 404 404 404 404
petitions:confirmer_seuil              seuil            302 403 403 403 403 403 403 403 200 403
petitions:ecarter_seuil                seuil            302 403 403 403 403 403 403 403 200 403
petitions:simuler_seuils               en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:clore_collecte               en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:exporter_signatures          en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:signataires                  en_collecte      302 403 403 403 403 403 403 403 200 403
petitions:retirer_signataire           signature        302 403 403 403 403 403 403 403 200 403
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
petitions:dossier                      deposee          302 403 403 200 404 200 404 404 200 403
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
petitions:programmer_ouverture         recevable        302 403 403 403 403 403 403 403 200 403
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
petitions:ajouter_suite              a_debattre       302 403 403 403 403 403 403 403 200 403
petitions:fixer_restitution            debattue         302 403 403 403 403 403 403 403 200 403
petitions:repondre                     debattue         302 403 403 403 403 403 403 403 200 403
petitions:clore                        repondue         302 403 403 403 403 403 403 403 200 403
petitions:proposer_nouvelle            en_collecte      302 404 200 404 404 404 404 404 404 404
petitions:reprendre_nouvelle           nouvelle         302 404 200 404 404 404 404 404 404 404
petitions:publier_nouvelle             nouvelle         302 403 403 403 403 403 403 403 200 403
petitions:refuser_nouvelle             nouvelle         302 403 403 403 403 403 403 403 200 403
petitions:depublier_nouvelle           nouvelle         302 403 403 403 403 403 403 403 409 403
petitions:ne_plus_recevoir_auteur      jeton            404 404 404 404 404 404 404 404 404 404
petitions:ne_plus_recevoir             jeton            404 404 404 404 404 404 404 404 404 404
petitions:liste                        -                200 200 200 200 200 200 200 200 200 200
petitions:reglement                    -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_ouvertes             -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_json                 -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_csv                  -                200 200 200 200 200 200 200 200 200 200
petitions:atom                         -                200 200 200 200 200 200 200 200 200 200
petitions:donnees_petition             en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:court                        en_collecte      302 302 302 302 302 302 302 302 302 302
petitions:image                        en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:qr                           en_collecte      200 200 200 200 200 200 200 200 200 200
petitions:rendez_vous                  rendez_vous      200 200 200 200 200 200 200 200 200 200
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
suites:promettre                       suite            302 403 403 403 403 403 403 403 200 403
suites:relancer                        suite            302 403 403 403 403 403 403 403 200 403
suites:retenir                         reponse          302 403 403 403 403 403 403 403 200 403
suites:ecarter                         reponse          302 403 403 403 403 403 403 403 200 403
seances:seances                        -                302 403 403 403 403 403 403 403 200 403
seances:programmer                     -                302 403 403 403 403 403 403 403 200 403
seances:choisir_participants           prep_programmee  302 403 403 403 403 403 403 403 200 403
seances:copier_ordre_du_jour           prep_programmee  302 403 403 403 403 403 403 403 200 403
seances:inviter                        prep             302 403 403 403 403 403 403 403 200 403
seances:desinviter                     prep_invite      302 403 403 403 403 403 403 403 200 403
seances:noter_invite                   prep_invite      302 405 405 405 405 405 405 405 405 405
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
seances:faire_l_appel          deroule_vote     302 403 403 403 403 403 403 403 200 403
seances:compter_bulletins      deroule_vote     302 403 403 403 403 403 403 403 409 403
seances:ne_pas_compter         deroule_vote     302 403 403 403 403 403 403 403 200 403
seances:donner_son_compte      deroule_papier   302 403 403 403 403 403 403 403 200 403
seances:mon_compte_papier      deroule          302 404 404 200 404 404 404 404 404 404
seances:demander_le_secret     deroule          302 405 405 405 405 405 405 405 405 405
seances:clore_vote             deroule_vote     302 403 403 403 403 403 403 403 302 403
seances:annuler_vote           deroule_vote     302 403 403 403 403 403 403 403 200 403
seances:decider                deroule_point    302 403 403 403 403 403 403 403 200 403
seances:decider_dossier        deroule_lien     302 403 403 403 403 403 403 403 200 403
ccspl:commission                      -                        200 200 200 200 200 200 200 200 200 200
ccspl:avis_liste                      -                        200 200 200 200 200 200 200 200 200 200
ccspl:image_avis                      ecrit_adopte+reference   200 200 200 200 200 200 200 200 200 200
ccspl:avis                            ecrit_adopte+reference   200 200 200 200 200 200 200 200 200 200
ccspl:donnees_ouvertes                -                        200 200 200 200 200 200 200 200 200 200
ccspl:donnees_avis                    json                     200 200 200 200 200 200 200 200 200 200
ccspl:accuser                         ecrit_jeton              200 200 200 200 200 200 200 200 200 200
ccspl:tableau                         -                        302 403 403 403 403 200 403 200 200 403
ccspl:calendrier                      -                        302 403 403 403 403 200 403 200 200 403
ccspl:dossier                         ecrit_adopte             302 403 403 302 302 200 302 200 200 403
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
ccspl:inscrire_en_seance              ecrit_saisi              302 403 403 403 403 403 403 403 200 403
ccspl:ajouter_suite                 ecrit_adopte             302 403 403 403 403 403 403 403 200 403
ccspl:repondre                        ecrit_transmis           302 403 403 403 403 403 403 403 200 403
ccspl:rendre_aux_membres              ecrit_transmis           302 403 403 403 403 403 403 403 200 403
ccspl:clore                           ecrit_repondu            302 403 403 403 403 403 403 403 200 403
ccspl:faire_fiche                     ecrit_adopte             302 405 405 405 405 405 405 405 405 405
renouvellement:candidater                    instance_appel           200 200 200 200 200 200 200 200 200 200
renouvellement:appel                         instance_appel+appel     200 200 200 200 200 200 200 200 200 200
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
seances:seance_publique                prep_publique    200 200 200 200 200 200 200 200 200 200
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
contrat_ville:appels                   -                200 200 200 200 200 200 200 200 200 200
contrat_ville:appel                    cdv_annee        200 200 200 200 200 200 200 200 200 200
contrat_ville:mes_projets              -                302 200 200 200 200 200 200 200 200 200
contrat_ville:mon_projet               cdv_depose       302 404 200 404 404 404 404 404 404 404
contrat_ville:commencer                cdv_annee        302 200 200 200 200 200 200 200 200 200
contrat_ville:rediger                  cdv_redaction    302 404 200 404 404 404 404 404 404 404
contrat_ville:inviter_equipier         cdv_brouillon    302 404 200 404 404 404 404 404 404 404
contrat_ville:retirer_equipier         cdv_equipier     302 404 200 404 404 404 404 404 404 404
contrat_ville:deposer                  cdv_brouillon    302 404 200 404 404 404 404 404 404 404
contrat_ville:retirer                  cdv_depose       302 404 200 404 404 404 404 404 404 404
contrat_ville:projets                  -                302 403 403 403 403 200 200 403 200 403
contrat_ville:projet                   cdv_depose       302 403 403 404 404 404 404 404 200 403
contrat_ville:declarer_recevable       cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:declarer_irrecevable     cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:reaffecter               cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:evaluer                  cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:lever_bilan_manquant     cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:demander_complement      cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:demander_avis            cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:commenter_champ          cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:ecrire_message           cdv_depose       302 404 404 404 404 404 404 404 200 404
contrat_ville:ecrire_au_service        cdv_depose       302 404 200 404 404 404 404 404 404 404
contrat_ville:completer                cdv_depose       302 404 200 404 404 404 404 404 404 404
contrat_ville:resoudre_commentaire     cdv_commentaire  302 404 200 404 404 404 404 404 404 404
contrat_ville:clore_commentaire        cdv_commentaire  302 405 405 405 405 405 405 405 405 405
contrat_ville:lire_message             cdv_message      302 405 405 405 405 405 405 405 405 405
contrat_ville:rendre_avis              cdv_avis         200 200 200 200 200 200 200 200 200 200
contrat_ville:soutenus                 -                200 200 200 200 200 200 200 200 200 200
contrat_ville:fiche                    cdv_fiche        200 200 200 200 200 200 200 200 200 200
contrat_ville:conventionner            cdv_notifie      302 403 403 403 403 403 403 403 200 403
contrat_ville:enregistrer_versement    cdv_en_cours     302 403 403 403 403 403 403 403 200 403
contrat_ville:demarrer                 cdv_conventionne 302 403 403 403 403 403 403 403 200 403
contrat_ville:noter_accompagnement     cdv_en_cours     302 403 403 403 403 403 403 403 200 403
contrat_ville:attendre_bilan           cdv_en_cours     302 403 403 403 403 403 403 403 200 403
contrat_ville:saisir_bilan             cdv_bilan_attendu 302 403 403 403 403 403 403 403 200 403
contrat_ville:renvoyer_bilan           cdv_evalue       302 403 403 403 403 403 403 403 200 403
contrat_ville:clore                    cdv_evalue       302 403 403 403 403 403 403 403 200 403
contrat_ville:publier_fiche            cdv_notifie      302 403 403 403 403 403 403 403 200 403
contrat_ville:depublier_fiche          cdv_en_cours     302 403 403 403 403 403 403 403 200 403
contrat_ville:relier_politiques        cdv_depose       302 403 403 403 403 403 403 403 200 403
contrat_ville:quartiers_suivis         -                302 403 403 403 403 403 200 403 200 403
contrat_ville:quartier_suivi           qua              302 403 403 403 403 403 404 403 200 403
contrat_ville:photo_observation        qua_observation  302 403 403 403 403 403 404 403 200 403
contrat_ville:nommer_referents         qua              302 403 403 403 403 403 403 403 200 403
contrat_ville:noter_reunion            qua              302 404 404 404 404 404 404 404 200 404
contrat_ville:noter_observation        qua              302 404 404 404 404 404 404 404 200 404
contrat_ville:corriger_reunion         qua_reunion      302 404 404 404 404 404 404 404 200 404
contrat_ville:retirer_observation      qua_observation  302 404 404 404 404 404 404 404 200 404
contrat_ville:preparer_groupe          qua              302 404 404 404 404 404 404 404 200 404
contrat_ville:modifier_groupe          qua_prepare      302 404 404 404 404 404 404 404 200 404
contrat_ville:ajouter_participant      qua_prepare      302 404 404 404 404 404 404 404 200 404
contrat_ville:tenir_groupe             qua_prepare      302 404 404 404 404 404 404 404 200 404
contrat_ville:annuler_groupe           qua_prepare      302 404 404 404 404 404 404 404 200 404
contrat_ville:noter_parole             qua_tenu         302 404 404 404 404 404 404 404 200 404
contrat_ville:rediger_synthese         qua_tenu         302 404 404 404 404 404 404 404 200 404
contrat_ville:retirer_accord           qua_personne     302 404 404 404 404 404 404 404 200 404
contrat_ville:retirer_parole           qua_parole       302 404 404 404 404 404 404 404 200 404
contrat_ville:publier_synthese         qua_restitue     302 404 404 404 404 404 404 404 200 404
contrat_ville:clore_groupe             qua_restitue     302 404 404 404 404 404 404 404 200 404
contrat_ville:groupe                   qua_tenu         302 403 403 404 404 404 404 404 200 403
contrat_ville:groupe_public            qua_public       200 200 200 200 200 200 200 200 200 200
contrat_ville:demander_aide            cdv_en_cours     302 404 200 404 404 404 404 404 404 404
contrat_ville:rendre_bilan             cdv_bilan_attendu 302 404 200 404 404 404 404 404 404 404
contrat_ville:clore_aide               cdv_aide         302 405 405 405 405 405 405 405 405 405
contrat_ville:programmations           -                302 403 403 403 403 403 403 403 200 403
contrat_ville:preparer_programmation   -                302 403 403 403 403 403 403 403 200 403
contrat_ville:programmation            cdv_ouverte      302 403 403 403 403 403 403 403 200 403
contrat_ville:regler_programmation     cdv_preparee     302 403 403 403 403 403 403 403 200 403
contrat_ville:ouvrir_appel             cdv_preparee     302 403 403 403 403 403 403 403 200 403
contrat_ville:prolonger_appel          cdv_ouverte      302 403 403 403 403 403 403 403 200 403
contrat_ville:clore_appel              cdv_ouverte      302 403 403 403 403 403 403 403 200 403
contrat_ville:ecrire_critere           cdv_preparee     302 403 403 403 403 403 403 403 200 403
contrat_ville:reprendre_grille         cdv_preparee     302 403 403 403 403 403 403 403 200 403
contrat_ville:corriger_critere         cdv_critere      302 403 403 403 403 403 403 403 200 403
contrat_ville:retirer_critere          cdv_critere      302 403 403 403 403 403 403 403 200 403
contrat_ville:ecrire_enveloppe         cdv_preparee     302 403 403 403 403 403 403 403 200 403
contrat_ville:corriger_enveloppe       cdv_enveloppe    302 403 403 403 403 403 403 403 200 403
contrat_ville:retirer_enveloppe        cdv_enveloppe    302 403 403 403 403 403 403 403 200 403
contrat_ville:partenaires              -                302 403 403 403 403 403 403 403 200 403
contrat_ville:partenaire               cdv_partenaire   302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_partenaire       -                302 403 403 403 403 403 403 403 200 403
contrat_ville:types_piece              -                302 403 403 403 403 403 403 403 200 403
contrat_ville:type_piece               cdv_type_piece   302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_type_piece       -                302 403 403 403 403 403 403 403 200 403
contrat_ville:modifier_type_piece      cdv_type_piece   302 403 403 403 403 403 403 403 200 403
contrat_ville:modifier_partenaire      cdv_partenaire   302 403 403 403 403 403 403 403 200 403
contrat_ville:scrutin_public           cdv_vote         200 200 200 200 200 200 200 200 200 200
contrat_ville:voter                    cdv_vote         200 200 200 200 200 200 200 200 200 200
contrat_ville:a_vote                   cdv_vote         200 200 200 200 200 200 200 200 200 200
contrat_ville:lire_mon_recu            cdv_vote         200 200 200 200 200 200 200 200 200 200
contrat_ville:garder_recu              cdv_vote         405 405 405 405 405 405 405 405 405 405
contrat_ville:bulletins_pb             cdv_vote         404 404 404 404 404 404 404 404 404 404
contrat_ville:rejouer_py               -                200 200 200 200 200 200 200 200 200 200
contrat_ville:preparer_scrutin         cdv_budget_seul  302 403 403 403 403 403 403 403 200 403
contrat_ville:scrutin                  cdv_vote         302 403 403 403 200 403 403 403 200 403
contrat_ville:suivre_depouillement     cdv_vote_depouille 302 403 403 403 403 403 403 403 200 403
contrat_ville:regler_scrutin           cdv_vote_prepare 302 403 403 403 403 403 403 403 200 403
contrat_ville:declarer_incompatibles   cdv_vote_prepare 302 403 403 403 403 403 403 403 200 403
contrat_ville:lever_incompatibilite    cdv_paire        302 403 403 403 403 403 403 403 200 403
contrat_ville:ouvrir_scrutin           cdv_vote_prepare 302 403 403 403 403 403 403 403 200 403
contrat_ville:prolonger_scrutin        cdv_vote         302 403 403 403 403 403 403 403 200 403
contrat_ville:fermer_scrutin           cdv_vote         302 403 403 403 403 403 403 403 200 403
contrat_ville:creer_lot                cdv_vote         302 403 403 403 403 403 403 403 200 403
contrat_ville:revoquer_code            cdv_vote         302 403 403 403 403 403 403 403 200 403
contrat_ville:remettre_code            cdv_vote         302 403 403 403 200 403 403 403 200 403
contrat_ville:emarger_papier           cdv_vote         302 403 403 403 200 403 403 403 200 403
contrat_ville:saisir_papier            cdv_vote_ferme   302 403 403 403 200 403 403 403 200 403
contrat_ville:retirer_papier           cdv_vote_ferme   302 403 403 403 403 403 403 403 200 403
contrat_ville:trancher_papier          cdv_papier       302 403 403 403 403 403 403 403 200 403
contrat_ville:depouiller_scrutin       cdv_vote_ferme   302 403 403 403 403 403 403 403 200 403
contrat_ville:reprendre_depouillement  cdv_vote_depouille 302 403 403 403 403 403 403 403 200 403
contrat_ville:deroger                  cdv_vote_depouille 302 403 403 403 403 403 403 403 200 403
contrat_ville:lever_derogation         cdv_ecart        302 403 403 403 403 403 403 403 200 403
contrat_ville:publier_resultats        cdv_vote_depouille 302 403 403 403 403 403 403 403 200 403
contrat_ville:annuler_scrutin          cdv_vote         302 403 403 403 403 403 403 403 200 403
contrat_ville:feuilles_de_codes        cdv_lot          302 403 403 403 403 403 403 403 200 403
contrat_ville:remettre_lot             cdv_lot          302 403 403 403 403 403 403 403 200 403
contrat_ville:revoquer_lot             cdv_lot          302 403 403 403 403 403 403 403 200 403
contrat_ville:inscrire_au_comite       cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:proposer                 cdv_instruction  302 403 403 403 403 403 403 403 200 403
contrat_ville:proposer_refus           cdv_instruction  302 403 403 403 403 403 403 403 200 403
contrat_ville:ajourner                 cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:retenir                  cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:retenir_sous_reserve     cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:refuser                  cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:lever_reserve            cdv_reserve      302 403 403 403 403 403 403 403 200 403
contrat_ville:noter_deport             cdv_propose      302 403 403 403 403 403 403 403 200 403
contrat_ville:preparer_comite          cdv_comite       302 403 403 403 403 403 403 403 200 403
contrat_ville:preparer_lettre          cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:joindre_lettre_signee    cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:notifier                 cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:notifier_par_courrier    cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:lettre_signee            cdv_lettre       302 404 200 404 404 404 404 404 200 404
contrat_ville:poster_reponse           cdv_recours_a_poster 302 403 403 403 403 403 403 403 200 403
contrat_ville:poster_courrier          cdv_courrier     302 403 403 403 403 403 403 403 200 403
contrat_ville:recevoir_recours         cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:rouvrir                  cdv_retenu       302 403 403 403 403 403 403 403 200 403
contrat_ville:repondre_recours         cdv_recours      302 403 403 403 403 403 403 403 200 403
contrat_ville:deliberation_xlsx        cdv_programmee   302 403 403 403 403 403 403 403 200 403
contrat_ville:preparer_deliberation    cdv_programmee   302 403 403 403 403 403 403 403 200 403
contrat_ville:a_notifier               -                302 403 403 403 403 403 403 403 200 403
contrat_ville:scenarios                cdv_examinee     302 403 403 403 403 403 403 403 200 403
contrat_ville:creer_scenario           cdv_examinee     302 403 403 403 403 403 403 403 200 403
contrat_ville:clore_programmation      cdv_programmee   302 403 403 403 403 403 403 403 200 403
contrat_ville:renommer_scenario        cdv_scenario     302 403 403 403 403 403 403 403 200 403
contrat_ville:ecarter_scenario         cdv_scenario     302 403 403 403 403 403 403 403 200 403
contrat_ville:proposer_scenario        cdv_scenario     302 403 403 403 403 403 403 403 200 403
contrat_ville:arreter_programmation    cdv_scenario     302 403 403 403 403 403 403 403 200 403
contrat_ville:scenario                 cdv_scenario     302 403 403 403 403 404 404 403 200 403
contrat_ville:scenario_etat            cdv_scenario     302 403 403 403 403 404 404 403 200 403
contrat_ville:changer_scenario         cdv_scenario     302 403 403 403 403 405 405 403 405 403
contrat_ville:evaluation               cdv_ouverte      302 403 403 403 403 403 403 403 200 403
contrat_ville:indicateurs_programmation cdv_ouverte     302 403 403 403 403 403 403 403 200 403
contrat_ville:ecrire_indicateur        cdv_ouverte      302 403 403 403 403 403 403 403 200 403
contrat_ville:corriger_indicateur      cdv_indicateur   302 403 403 403 403 403 403 403 200 403
contrat_ville:retirer_indicateur       cdv_indicateur   302 403 403 403 403 403 403 403 200 403
contrat_ville:prevoir_indicateurs      cdv_depose       302 404 200 404 404 404 404 404 404 404
contrat_ville:reseau                   -                302 403 403 403 403 403 403 403 200 403
contrat_ville:mon_reseau               cdv_notifie      302 404 200 404 404 404 404 404 404 404
contrat_ville:rejoindre_reseau         cdv_notifie      302 404 200 404 404 404 404 404 404 404
contrat_ville:decrire_au_reseau        cdv_en_cours     302 404 200 404 404 404 404 404 404 404
contrat_ville:quitter_reseau           cdv_en_cours     302 404 200 404 404 404 404 404 404 404
contrat_ville:proposer_contact         cdv_en_cours     302 405 405 405 405 405 405 405 405 405
contrat_ville:accepter_contact         cdv_voisin       302 405 405 405 405 405 405 405 405 405
contrat_ville:decliner_contact         cdv_voisin       302 405 405 405 405 405 405 405 405 405
contrat_ville:ecrire_voisin            cdv_voisin       302 404 200 404 404 404 404 404 404 404
contrat_ville:reprendre_contact        cdv_voisin       302 405 405 405 405 405 405 405 405 405
contrat_ville:terminer_contact         cdv_voisin       302 403 403 403 403 403 403 403 200 403
contrat_ville:rompre_contact           cdv_voisin       302 404 200 404 404 404 404 404 404 404
contrat_ville:imports_dauphin          -                302 403 403 403 403 403 403 403 200 403
contrat_ville:import_dauphin           cdv_import       302 403 403 403 403 403 403 403 200 403
contrat_ville:dossier_importe          cdv_import_dossier 302 403 403 403 403 403 403 403 200 403
contrat_ville:lignes_refusees          cdv_import       302 403 403 403 403 403 403 403 200 403
contrat_ville:rapport_dauphin          cdv_import       302 403 403 403 403 403 403 403 200 403
contrat_ville:exporter_dauphin         cdv_annee        302 403 403 403 403 403 403 403 200 403
contrat_ville:subventions              -                200 200 200 200 200 200 200 200 200 200
contrat_ville:subventions_csv          -                200 200 200 200 200 200 200 200 200 200
contrat_ville:subventions_json         -                200 200 200 200 200 200 200 200 200 200
contrat_ville:budgets_publics          -                200 200 200 200 200 200 200 200 200 200
contrat_ville:budget_public            diq_budget       200 200 200 200 200 200 200 200 200 200
contrat_ville:idees_publiques          diq_budget       200 200 200 200 200 200 200 200 200 200
contrat_ville:carte_des_idees          diq_budget       200 200 200 200 200 200 200 200 200 200
contrat_ville:proposer_idee            diq_budget       200 200 200 200 200 200 200 200 200 200
contrat_ville:donnees_budget_csv       diq_donnees      200 200 200 200 200 200 200 200 200 200
contrat_ville:donnees_budget_json      diq_donnees      200 200 200 200 200 200 200 200 200 200
contrat_ville:idee_publique            diq_publiee_ref  200 200 200 200 200 200 200 200 200 200
contrat_ville:projet_quartier_public   diq_projet_ref   200 200 200 200 200 200 200 200 200 200
contrat_ville:forum_public             diq_forum        200 200 200 200 200 200 200 200 200 200
contrat_ville:s_inscrire               diq_forum        200 200 200 200 200 200 200 200 200 200
contrat_ville:idee_recue               diq_cle          200 200 200 200 200 200 200 200 200 200
contrat_ville:suivre_idee              diq_suivi        200 200 200 200 200 200 200 200 200 200
contrat_ville:confirmer_auteur         diq_auteur       200 200 200 200 200 200 200 200 200 200
contrat_ville:arreter_lettres          diq_auteur       200 200 200 200 200 200 200 200 200 200
contrat_ville:repondre_faisabilite     diq_etude        200 200 200 200 200 200 200 200 200 200
contrat_ville:table_par_lien           diq_table_jeton  200 200 200 200 200 200 200 200 200 200
contrat_ville:mon_inscription          diq_inscription_jeton 200 200 200 200 200 200 200 200 200 200
contrat_ville:inscription_recue        diq_cle          200 200 200 200 200 200 200 200 200 200
contrat_ville:budgets                  -                302 403 403 403 403 403 403 403 200 403
contrat_ville:preparer_budget          -                302 403 403 403 403 403 403 403 200 403
contrat_ville:budget                   diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:modifier_budget          diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:fixer_phases             diq_prepare      302 403 403 403 403 403 403 403 200 403
contrat_ville:publier_budget           diq_prepare      302 403 403 403 403 403 403 403 200 403
contrat_ville:creer_projet_quartier    diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:clore_budget             diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:effacer_auteurs          diq_clos         302 403 403 403 403 403 403 403 200 403
contrat_ville:idees                    diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:saisir_idee              diq_budget       302 403 403 403 200 403 403 403 200 403
contrat_ville:projets_quartier         diq_budget       302 403 403 403 403 403 403 403 200 403
contrat_ville:deplacer_phase           diq_phase        302 403 403 403 403 403 403 403 200 403
contrat_ville:idee                     diq_a_lire       302 403 403 404 404 404 404 404 200 403
contrat_ville:publier_idee             diq_a_lire       302 403 403 403 403 403 403 403 200 403
contrat_ville:corriger_idee            diq_publiee      302 403 403 403 403 403 403 403 200 403
contrat_ville:reunir_idee              diq_publiee      302 403 403 403 403 403 403 403 200 403
contrat_ville:separer_idee             diq_reunie       302 403 403 403 403 403 403 403 200 403
contrat_ville:ecarter_idee             diq_publiee      302 403 403 403 403 403 403 403 200 403
contrat_ville:reprendre_idee           diq_ecartee      302 403 403 403 403 403 403 403 200 403
contrat_ville:retirer_idee             diq_publiee      302 403 403 403 403 403 403 403 200 403
contrat_ville:projet_quartier          diq_projet       302 403 403 302 302 302 302 302 200 403
contrat_ville:rediger_projet_quartier  diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_idees            diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:separer_idees            diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:demander_faisabilite     diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:declarer_faisable        diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:declarer_infaisable      diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:mettre_au_vote           diq_faisable     302 403 403 403 403 403 403 403 200 403
contrat_ville:retirer_du_vote          diq_au_vote      302 403 403 403 403 403 403 403 200 403
contrat_ville:lancer_realisation       diq_laureat      302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_jalon            diq_laureat      302 403 403 403 403 403 403 403 200 403
contrat_ville:achever_projet           diq_en_cours     302 403 403 403 403 403 403 403 200 403
contrat_ville:abandonner_projet_quartier diq_projet       302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_suite            diq_laureat      302 403 403 403 403 403 403 403 200 403
contrat_ville:franchir_jalon           diq_jalon        302 403 403 403 403 403 403 403 200 403
contrat_ville:deplacer_jalon           diq_jalon        302 403 403 403 403 403 403 403 200 403
contrat_ville:forums                   -                302 403 403 403 200 403 403 403 200 403
contrat_ville:preparer_forum           -                302 403 403 403 403 403 403 403 200 403
contrat_ville:forum                    diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:modifier_forum           diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:ouvrir_inscriptions      diq_forum_prepare 302 403 403 403 403 403 403 403 200 403
contrat_ville:fermer_inscriptions      diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:ajouter_table            diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:tenir_forum              diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:annuler_forum            diq_forum        302 403 403 403 403 403 403 403 200 403
contrat_ville:effacer_inscrits         diq_forum_tenu   302 403 403 403 403 403 403 403 200 403
contrat_ville:inscrire_au_forum        diq_forum        302 403 403 403 200 403 403 403 200 403
contrat_ville:bureau_du_forum          diq_forum        302 403 403 403 200 403 403 403 200 403
contrat_ville:modifier_table           diq_table        302 403 403 403 403 403 403 403 200 403
contrat_ville:recolter_table           diq_table        302 403 403 403 200 403 403 403 200 403
contrat_ville:annuler_inscription      diq_inscription  302 403 403 403 200 403 403 403 200 403
contrat_ville:noter_presence           diq_inscription  302 405 405 405 405 405 405 405 405 405
contrat_ville:effacer_presence         diq_inscription  302 405 405 405 405 405 405 405 405 405
remontees:vous_l_avez_dit              -                200 200 200 200 200 200 200 200 200 200
remontees:chiffres                     -                200 200 200 200 200 200 200 200 200 200
remontees:donnees_csv                  -                200 200 200 200 200 200 200 200 200 200
remontees:donnees_json                 -                200 200 200 200 200 200 200 200 200 200
remontees:atom                         -                200 200 200 200 200 200 200 200 200 200
remontees:sujet_public                 suj_public_ref   200 200 200 200 200 200 200 200 200 200
remontees:image_du_sujet               suj_public_ref   200 200 200 200 200 200 200 200 200 200
remontees:remontees                    -                302 403 403 403 403 200 200 403 200 403
remontees:saisir                       -                302 403 403 403 200 403 403 403 200 403
remontees:remontee                     rem_transmise    302 403 403 404 404 200 404 404 200 403
remontees:qualifier                    rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:attribuer                    rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:trier                        -                302 403 403 403 403 403 403 403 200 403
remontees:apprentissage                -                302 403 403 403 403 403 403 403 200 403
remontees:regles                       -                302 403 403 403 403 403 403 403 200 403
remontees:nouvelle_regle               -                302 403 403 403 403 403 403 403 200 403
remontees:regle                        rem_regle        302 403 403 403 403 403 403 403 200 403
remontees:classer                      rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:router                       rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:reunir                       rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:renvoyer                     rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:signaler_discrimination      rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:lever_discrimination         rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:rattacher                    rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:detacher                     rem_groupee      302 403 403 403 403 403 403 403 200 403
remontees:orienter                     rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:ecarter                      rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:ecrire_a_la_personne         rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:recevoir_message             rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:lire_message                 rem_message      302 405 405 405 405 405 405 405 405 405
remontees:cesser_attente_message       rem_question     302 403 403 403 403 403 403 403 200 403
remontees:modeles                      -                302 403 403 403 403 403 403 403 200 403
remontees:nouveau_modele               -                302 403 403 403 403 403 403 403 200 403
remontees:modele                       rem_modele       302 403 403 403 403 403 403 403 200 403
remontees:courriers                    -                302 403 403 403 403 403 403 403 200 403
remontees:poster_courrier              rem_courrier     302 403 403 403 403 403 403 403 200 403
remontees:imprimer_courriers           -                302 403 403 403 403 403 403 403 405 403
remontees:poster_impression            rem_impression   302 403 403 403 403 403 403 403 200 403
remontees:abandonner_courrier          rem_courrier     302 403 403 403 403 403 403 403 200 403
remontees:demander_precision           rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:repondre                     rem_a_repondre   302 403 403 403 403 403 403 403 200 403
remontees:rouvrir                      rem_repondue     302 403 403 403 403 403 403 403 200 403
remontees:ajouter_suite                rem_repondue     302 403 403 403 403 403 403 403 200 403
remontees:clore                        rem_repondue     302 403 403 403 403 403 403 403 200 403
remontees:signaler_urgence             rem_nouvelle     302 403 403 403 404 403 403 403 200 403
remontees:sujets                       -                302 403 403 403 403 200 200 403 200 403
remontees:ouvrir_sujet                 -                302 403 403 403 403 403 403 403 200 403
remontees:sujet                        suj_publie       302 403 403 302 302 200 200 302 200 403
remontees:rediger_sujet                suj_ouvert       302 403 403 403 403 403 403 403 200 403
remontees:publier_sujet                suj_redige       302 403 403 403 403 403 403 403 200 403
remontees:depublier_sujet              suj_publie       302 403 403 403 403 403 403 403 200 403
remontees:attribuer_sujet              suj_ouvert       302 403 403 403 403 403 403 403 200 403
remontees:repondre_sujet               suj_ouvert       302 403 403 403 403 403 403 403 200 403
remontees:carte_publique               -                200 200 200 200 200 200 200 200 200 200
remontees:carte_du_bureau              -                302 403 403 403 403 200 200 403 200 403
remontees:clients_open311              -                302 403 403 403 403 403 403 403 200 403
remontees:retirer_client_open311       cle_open311      302 403 403 403 403 403 403 403 405 403
open311:decouverte                     forme            200 200 200 200 200 200 200 200 200 200
open311:services                       forme            200 200 200 200 200 200 200 200 200 200
open311:service                        service_open311  200 200 200 200 200 200 200 200 200 200
open311:demandes                       forme            200 200 200 200 200 200 200 200 200 200
open311:demande                        demande_open311  200 200 200 200 200 200 200 200 200 200
open311:jeton                          jeton_open311    200 200 200 200 200 200 200 200 200 200
open311:nouvelles                      forme            200 200 200 200 200 200 200 200 200 200
open311:contrat                        -                200 200 200 200 200 200 200 200 200 200
open311:inconnue                       sans_forme       404 404 404 404 404 404 404 404 404 404
remontees:relire                       suj_a_relire     302 403 403 403 403 403 403 403 200 403
remontees:rouvrir_sujet                suj_repondu      302 403 403 403 403 403 403 403 200 403
remontees:clore_sujet                  suj_repondu      302 403 403 403 403 403 403 403 200 403
remontees:prendre_attribution          rem_part         302 403 403 403 403 200 404 403 200 403
remontees:refuser_attribution          rem_part         302 403 403 403 403 200 404 403 200 403
remontees:repondre_attribution         rem_part         302 403 403 403 403 200 404 403 200 403
remontees:clore_attribution            rem_part_rendue  302 403 403 403 403 403 404 403 200 403
remontees:retirer_attribution          rem_part         302 403 403 403 403 403 403 403 200 403
remontees:relancer_attribution         rem_part         302 403 403 403 403 403 403 403 200 403
remontees:dire                         -                200 200 200 200 200 200 200 200 200 200
remontees:dire_sur                     rem_dire         200 200 200 200 200 200 200 200 200 200
remontees:recue                        rem_recue        200 200 200 200 200 200 200 200 200 200
remontees:noter                        -                302 403 403 403 200 403 403 403 200 403
remontees:ma_liste                     -                302 403 403 403 200 403 403 403 200 403
remontees:jeton_de_saisie              -                302 403 403 403 200 403 403 403 200 403
remontees:manifeste_de_saisie          -                200 200 200 200 200 200 200 200 200 200
remontees:service_de_saisie            -                200 200 200 200 200 200 200 200 200 200
remontees:inscrire_au_comite           rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:porter_en_seance             rem_nouvelle     302 403 403 403 403 403 403 403 200 403
remontees:demander_visite              suj_ouvert       302 403 403 403 403 403 403 403 200 403
remontees:anonymiser                   rem_repondue     302 403 403 403 403 403 403 403 200 403
remontees:preparer_comite              -                302 403 403 403 403 403 403 403 200 403
remontees:rapport                      -                302 403 403 403 403 403 403 403 200 403
remontees:receptions                  -                302 403 403 403 403 403 403 403 200 403
remontees:signaux                      -                302 403 403 403 403 403 403 403 200 403
remontees:courriels_recus              -                302 403 403 403 403 403 403 403 200 403
remontees:courriel_recu                rem_recu         302 403 403 403 403 403 403 403 200 403
remontees:reprendre_courriel           rem_recu         302 403 403 403 403 403 403 403 405 403
remontees:imports                      -                302 403 403 403 403 403 403 403 200 403
remontees:import_fichier               rem_import       302 403 403 403 403 403 403 403 200 403
remontees:rejets                       rem_import       302 403 403 403 403 403 403 403 200 403
remontees:conservation                 -                302 403 403 403 403 403 403 403 200 403
remontees:attribution                  rem_part_jeton   200 200 200 200 200 200 200 200 200 200
remontees:piece_de_la_part             rem_part_piece  200 200 200 200 200 200 200 200 200 200
remontees:suivi                        rem_suivi        200 200 200 200 200 200 200 200 200 200
remontees:satisfaction                 rem_satisfaction 200 200 200 200 200 200 200 200 200 200
ccspl:tableau_de_bord                  -                302 403 403 403 403 403 403 200 200 403
ccspl:avis_rendus                      -                302 403 403 403 403 403 403 200 200 403
ccspl:preconisations                   -                302 403 403 403 403 403 403 200 200 403
ccspl:anciennes_preconisations         -                302 403 403 403 403 403 403 308 308 403
ccspl:demander_intervention            avis_adopte      302 405 405 405 405 405 405 405 405 405
ccspl:s_abonner_au_resume              -                302 405 405 405 405 405 405 405 405 405
ccspl:arreter_le_resume                -                302 405 405 405 405 405 405 405 405 405
ccspl:ne_plus_recevoir_resume          resume           200 200 200 200 200 200 200 200 200 200
ccspl:bibliotheque                     -                200 200 200 200 200 200 200 200 200 200
ccspl:bibliotheque_des_membres         -                302 302 302 302 302 302 302 302 200 302
ccspl:fichier_bibliotheque             bibliotheque+version 302 404 404 404 404 404 404 404 200 404
ccspl:vie                              -                302 403 403 403 403 403 403 403 200 403
ccspl:participation                    -                302 403 403 403 403 403 403 403 200 403
ccspl:suivi_membre                     membre_ccspl     302 403 403 403 403 403 403 403 200 403
ccspl:prendre_des_nouvelles            membre_ccspl     302 403 403 403 403 403 403 403 200 403
ccspl:visites                          -                302 403 403 403 403 403 403 403 200 403
ccspl:controle                         -                302 403 403 403 403 403 403 200 200 403
ccspl:ajouter_controle                 -                302 403 403 403 403 403 403 403 200 403
ccspl:modifier_controle                controle         302 403 403 403 403 403 403 403 200 403
ccspl:finir_controle                   controle         302 403 403 403 403 403 403 403 200 403
ccspl:retirer_controle                 controle         302 403 403 403 403 403 403 403 200 403
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
    export = Export(
        cle="0" * 64, compte=agent, adresse="/dossiers/?export=csv", nom="d.csv", etat="pret", total=1
    )
    export.fichier.save("d.csv", ContentFile(b"n"))
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
    feuille_copet = FeuilleCopetitionnaires.objects.create(
        petition=petitions["brouillon"], numero=1, cle="ABCD2345"
    )
    ligne = CoPetitionnaireFactory(petition=petitions["brouillon"], feuille=feuille_copet)
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
    nouvelle = Nouvelle.objects.create(petition=ouverte, titre="Du neuf", texte="Une réunion lundi.")
    Jalon.objects.create(petition=petitions["a_debattre"], nature="conseil", date=jour)
    attente = SeuilEnAttente.objects.create(petition=ouverte, seuil=ouverte.reglement.seuils.first())
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
        **monde_des_remontees(direction),
        **monde_du_contrat(comptes["auteur"]),
        **monde_du_vote(agent, comptes["accueil"]),
        **monde_inter_quartiers(agent, direction),
        **monde_des_quartiers(agent, direction),
        "demande": [demande.pk],
        "demande_jeton": [demande.jeton()],
        "demande_piece": [demande.jeton(), piece.pk],
        "piece": [piece.pk],
        "document": [document.cle_publique],
        "export": [export.cle_publique],
        "courriel": [echec.pk],
        "filtre": [filtre.pk],
        "jeton": ["faux"],
        "suite": [suite.pk],
        "suite_jeton": [suite.jeton()],
        "reponse": [reponse_suite.pk],
        "abonnement": [abonnement.cle],
        "tache": [tache.pk],
        "copetitionnaire": [copetitionnaire.pk],
        "feuille_copet": [petitions["brouillon"].pk, feuille_copet.numero],
        "code": [feuille_copet.cle],
        "code_et_ligne": [feuille_copet.cle, ligne.pk],
        "nouvelle": [nouvelle.pk],
        "rendez_vous": [petitions["a_debattre"].pk, "conseil"],
        "signature": [signature.pk],
        "invalidation": [invalidation.pk],
        "feuille": [feuille.pk],
        "seuil": [attente.pk],
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


@pytest.mark.usefixtures("marche")
def test_each_visitor_gets_what_the_table_says(monde) -> None:
    table = lire_table()
    noms = {nom: objet for nom, (objet, _) in table.items()}

    constats = {visiteur: constater(monde, visiteur, noms) for visiteur in VISITEURS}

    ecarts = [
        f"{nom} : {constats[visiteur][nom]} au lieu de {attendu} ({visiteur})"
        for nom, (_, attendus) in table.items()
        for visiteur, attendu in zip(VISITEURS, attendus, strict=True)
        if attendu != constats[visiteur][nom]
    ]
    assert ecarts == []


def test_the_reference_tables_are_open_to_staff_alone(monde) -> None:
    client = Client()
    for visiteur, compte in monde["comptes"].items():
        client.force_login(compte)
        for chemin in ("/reference/", "/reference/socle/commune/", "/reference/socle/compte/"):
            statut = client.get(chemin).status_code

            assert (statut == 200) is (visiteur == "staff" and chemin == "/reference/"), (visiteur, chemin)
