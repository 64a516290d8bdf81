"""Pytest plugin for the access tests: one object and one visitor of each kind, and the table of access."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from participation.socle.actions import demander
from participation.socle.http.intergiciels import SECOND_FACTEUR_DIT
from participation.socle.models import (
    Battement,
    Compte,
    Courriel,
    Direction,
    Document,
    Export,
    FiltreEnregistre,
    Moderation,
    Piece,
)
from participation.socle.views.exploitation import SILENCE_MAX
from participation.socle.workflow import Role
from participation.suites.models import (
    Abonnement,
    ReponseDirection,
    Sollicitation,
    Suite,
    SuspensionSuite,
    Verdict,
)
from petitions.models import (
    FeuilleCopetitionnaires,
    FeuillePapier,
    Invalidation,
    Jalon,
    Nouvelle,
    Rapprochement,
    SeuilEnAttente,
    TacheCampagne,
)
from petitions.workflow import Etat
from tests.budgets.monde import monde_inter_quartiers
from tests.budgets.vote import monde_du_vote
from tests.cadres.factories import monde_des_cadres
from tests.ccspl.monde_avis import monde_des_avis
from tests.ccspl.monde_commission import monde_de_la_vie
from tests.contrat_ville.monde import monde_du_contrat
from tests.contrat_ville.monde_quartiers import monde_des_quartiers
from tests.droits.factories import monde_des_droits
from tests.engagements.factories import monde_des_engagements
from tests.inclusion.factories import monde_de_l_inclusion
from tests.panels.factories import monde_des_panels
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory, SignatureFactory, sieger
from tests.remontees.monde import monde_des_remontees
from tests.rencontres.factories import monde_des_rencontres
from tests.renouvellement.factories import monde_renouvellement
from tests.seances.monde import monde_des_instances
from tests.seances.monde_deroule import monde_du_deroule
from tests.seances.monde_preparation import monde_de_la_preparation
from tests.seances.monde_proces_verbal import monde_du_proces_verbal
from tests.socle.factories import CompteFactory, DirectionFactory, commune, raison
from tests.socle.traductions.traduire import traduire
from tests.tirage.factories import monde_des_tirages

VISITEURS = [
    "anonyme",  # signed out
    "resident",  # account without a role
    "auteur",  # author of the pétitions of the world
    "membre",  # member of the comité de recevabilité
    "accueil",  # reception or field agent
    "direction",  # agent of the direction asked
    "commune",  # agent of a commune that was asked nothing
    "elu",
    "agent",  # agent of the service
    "staff",  # may open the reference tables, has no role
]
TABLE = Path(__file__).parent.with_name("acces.txt")


def lire_table() -> dict[str, tuple[str, list[int]]]:
    lignes = {}
    for ligne in TABLE.read_text(encoding="utf-8").splitlines():
        if ligne and not ligne.startswith("#"):
            nom, objet, *statuts = ligne.split()
            assert len(statuts) == len(VISITEURS), ligne
            assert nom not in lignes, f"{nom} est deux fois dans la table."
            lignes[nom] = (objet, [int(statut) for statut in statuts])
    return lignes


def clients(
    objets: dict[str, Any], visiteurs: Sequence[str] = VISITEURS, **options: Any
) -> dict[str, Client]:
    """Clients signed in before the first page: signing in writes, and a write empties the cache of a walk.

    Each was told today that a second factor is owed: a walk undoes what is written, so that every page would say it
    and save the session.
    """
    eux = {visiteur: Client(raise_request_exception=False, **options) for visiteur in visiteurs}
    for visiteur, client in eux.items():
        if visiteur != "anonyme":
            client.force_login(objets["comptes"][visiteur])
            session = client.session
            session[SECOND_FACTEUR_DIT] = timezone.localdate().isoformat()
            session.save()
    return eux


@pytest.fixture
def comptes(db) -> dict[str, Compte]:
    """One account of each kind of VISITEURS."""
    siens = {
        "resident": CompteFactory(),
        "auteur": CompteFactory(),
        "membre": CompteFactory(role=Role.MEMBRE),
        "accueil": CompteFactory(role=Role.ACCUEIL),
        "direction": CompteFactory(role=Role.AGENT_DIRECTION, direction=DirectionFactory()),
        "commune": CompteFactory(role=Role.AGENT_COMMUNE, commune=commune("Meylan")),
        "elu": CompteFactory(role=Role.ELU),
        "agent": CompteFactory(role=Role.AGENT),
        "staff": CompteFactory(is_staff=True),
    }
    sieger(siens["membre"])
    return siens


@pytest.fixture
def monde(comptes, settings, tmp_path, monkeypatch) -> dict[str, list[object]]:
    """Arguments of the URL for each object named in the second column of the table."""
    settings.MEDIA_ROOT = tmp_path
    for travailleur in ("worker", "codes"):  # alive for the whole walk
        Battement.objects.create(nom=travailleur)
        monkeypatch.setitem(SILENCE_MAX, travailleur, 3600)
    direction = Direction.objects.get(appartenances__compte=comptes["direction"])
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
    demande_de_verdict = Sollicitation.objects.create(personne="x", qualite="l’auteur de la pétition")
    verdict = Verdict.objects.create(
        suite=suite, sollicitation=demande_de_verdict, jugement="fait", est_courant=True, mot="Merci."
    )
    arret = SuspensionSuite.objects.create(suite=suite, raison="elections", debut=jour)
    abonnement = Abonnement.objects.create(dossier=petitions["debattue"], courriel="abonne@example.org")
    tache = TacheCampagne.objects.create(petition=ouverte, intitule="Écrire un article", date_limite=jour)
    nouvelle = Nouvelle.objects.create(petition=ouverte, titre="Du neuf", texte="Une réunion lundi.")
    moderation = Moderation.objects.create(
        dossier=ouverte,
        acte="refuser_nouvelle",
        objet=f"petitions.nouvelle.{nouvelle.pk}",
        quoi="Du neuf",
        raison=raison(),
        motif="Une personne est nommée.",
        par=CompteFactory(agent=True),
        contestee_le=timezone.now(),
    )
    rapprochement = Rapprochement.objects.create(
        petition=petitions["recevable"],
        vers=ouverte,
        texte="Deux demandes proches.",
        date_limite=jour,
        propose_par=agent,
    )
    Jalon.objects.create(petition=petitions["a_debattre"], nature="conseil", date=jour)
    traduction = traduire(ouverte, agent, CompteFactory(agent=True), "falc", "On demande un bus.")
    attente = SeuilEnAttente.objects.create(petition=ouverte, seuil=ouverte.reglement.seuils.first())
    return {
        "la_commune": [commune("Meylan").pk],
        "langue_ar": ["ar"],
        **monde_des_instances(comptes["membre"]),
        **monde_du_deroule(comptes["membre"], deposee),
        **monde_du_proces_verbal(comptes["membre"], comptes["agent"]),
        **monde_de_la_preparation(comptes["membre"], deposee),
        "comptes": comptes,
        "-": [],
        "jeu": ["communes"],
        "couleur": ["24475a"],
        "adresse_commune": ["commune", commune("Meylan").pk],
        **monde_des_avis(agent),
        **monde_de_la_vie(agent, comptes["elu"]),
        **monde_renouvellement(comptes["elu"]),
        **monde_des_panels(),
        **monde_des_rencontres(),
        **monde_des_tirages(),
        **monde_de_l_inclusion(),
        **monde_des_engagements(comptes["elu"]),
        **monde_des_cadres(),
        **monde_des_droits(),
        "absence": [1],
        "identite": [SocialAccount.objects.create(user=comptes["auteur"], provider="agents", uid="1").pk],
        **monde_des_remontees(direction),
        **monde_du_contrat(comptes["auteur"]),
        **monde_du_vote(agent, comptes["accueil"]),
        **monde_inter_quartiers(agent, direction),
        **monde_des_quartiers(agent, direction),
        "demande": [demande.pk],
        "demande_jeton": [demande.jeton()],
        "compte_jeton": [Compte.LIEN_APPAREIL.jeton(agent)],
        "demande_piece": [demande.jeton(), piece.pk],
        "piece": [piece.pk],
        "traduction": [traduction.pk],
        "en_facile": [ouverte.pk],
        "document": [document.cle_publique],
        "export": [export.cle_publique],
        "courriel": [echec.pk],
        "filtre": [filtre.pk],
        "jeton": ["faux"],
        "suite": [suite.pk],
        "suite_jeton": [suite.jeton()],
        "verdict_jeton": [demande_de_verdict.jeton()],
        "verdict": [verdict.pk],
        "arret_de_suite": [arret.pk],
        "reponse": [reponse_suite.pk],
        "abonnement": [abonnement.cle],
        "tache": [tache.pk],
        "copetitionnaire": [copetitionnaire.pk],
        "feuille_copet": [petitions["brouillon"].pk, feuille_copet.numero],
        "code": [feuille_copet.cle],
        "code_et_ligne": [feuille_copet.cle, ligne.pk],
        "nouvelle": [nouvelle.pk],
        "moderation": [moderation.pk],
        "moderation_jeton": [moderation.jeton()],
        "rapprochement": [rapprochement.pk],
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
