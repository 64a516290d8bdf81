"""A budget with projects to vote on, a vote in each état, and codes known to the test."""

import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Budget, Code, LotDeCodes, Phase, ProjetQuartier, Scrutin
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import depouillement, scrutins, urne
from participation.budgets.vote import regles as regles_vote
from participation.budgets.workflow.budget import EtatBudget, EtatProjetQuartier, NaturePhase
from participation.budgets.workflow.vote import EtatLot, EtatScrutin, NatureLot
from participation.socle.actions import donner_reference
from participation.socle.models import Compte

COUTS = (4000, 3000, 2500, 1500)


def budget_au_vote(montant: int = 7000, couts: tuple[int, ...] = COUTS) -> Budget:
    """Make a budget in its vote phase, with one project for each cost."""
    jour = timezone.localdate()
    budget = Budget.objects.create(
        titre="Budget des quartiers",
        annee=2027,
        montant=Decimal(montant),
        texte="À vous.",
        etat=EtatBudget.OUVERT,
    )
    Phase.objects.create(
        budget=budget,
        nature=NaturePhase.VOTE,
        date_debut=jour - timedelta(days=2),
        date_fin=jour + timedelta(days=9),
    )
    for rang, cout in enumerate(couts, start=1):
        ProjetQuartier.objects.create(
            budget=budget,
            reference=donner_reference(ProjetQuartier()),
            titre=f"Projet {'ABCDEFGHIJ'[rang - 1]}",
            description="Ce qui serait fait.",
            cout=Decimal(cout),
            etat=EtatProjetQuartier.AU_VOTE,
            ouvert_le=timezone.now(),
            est_publie=True,
        )
    return budget


def scrutin_en_preparation(par: Compte, budget: Budget | None = None, **reglages: Any) -> Scrutin:
    scrutin = scrutins.nouveau_scrutin(budget or budget_au_vote())
    valeurs = {"qui_vote": "Toute personne qui habite un des quartiers.", "nombre_max": 2, **reglages}
    return scrutins.preparer_scrutin(scrutin, par=par, **valeurs)


def scrutin_ouvert(par: Compte, budget: Budget | None = None, **reglages: Any) -> Scrutin:
    scrutin = scrutin_en_preparation(par, budget, **reglages)
    scrutins.ouvrir_scrutin(scrutin, par=par)
    return scrutin


def codes_connus(scrutin: Scrutin, combien: int, par: Compte | None = None) -> list[str]:
    lot = LotDeCodes.objects.create(
        scrutin=scrutin, nature=NatureLot.FEUILLES, nombre=combien, etat=EtatLot.REMIS, par=par
    )
    debut = scrutin.codes.count()
    tires = [regles_vote.tirer_code() for _ in range(combien)]
    Code.objects.bulk_create(
        Code(scrutin=scrutin, lot=lot, numero=debut + rang, empreinte=urne.empreinte_de(scrutin, code))
        for rang, code in enumerate(tires, start=1)
    )
    return tires


def adresse(nom: str, scrutin: Scrutin) -> str:
    return reverse(f"budgets:{nom}", args=[scrutin.pk])


def voter_en_ligne(client: Client, scrutin: Scrutin, code: str, **choix: str) -> HttpResponse:
    return client.post(adresse("voter", scrutin), {"etape": "voter", "code": code, **choix})


def donner(scrutin: Scrutin, *bulletins: str) -> None:
    """Use one code for each of these ballots: « 1:1,3:1 »; "" is blank."""
    for code, choix in zip(codes_connus(scrutin, len(bulletins)), bulletins, strict=True):
        urne.voter(scrutin, code=code, choix=choix)


def clore(scrutin: Scrutin) -> None:
    """Close a vote after its last day."""
    scrutins.fermer_scrutin(scrutin, par=None)


def scrutin_depouille(par: Compte, *bulletins: str, **reglages: Any) -> Scrutin:
    scrutin = scrutin_ouvert(par, **reglages)
    donner(scrutin, *bulletins)
    clore(scrutin)
    demande = depouillement.depouiller_scrutin(scrutin, par=par)
    assert depouillement.compter_bulletins(demande.pk)
    scrutin.refresh_from_db()
    assert scrutin.etat == EtatScrutin.DEPOUILLE
    return scrutin


def scrutin_publie(par: Compte, *bulletins: str, **reglages: Any) -> Scrutin:
    scrutin = scrutin_depouille(par, *bulletins, **reglages)
    depouillement.publier_resultats(scrutin, par=par)
    return scrutin


def rejouer(bulletins: Path, script: Path) -> tuple[list[str], str]:
    """Run the stand-alone script on the published file.

    Returns (numbers of the winners, last word printed).
    """
    rendu = subprocess.run(
        [sys.executable, "-I", script, bulletins],
        capture_output=True,
        text=True,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert rendu.returncode == 0, rendu.stderr
    _, *laureats, dernier = rendu.stdout.splitlines()
    return [ligne.split("\t")[0] for ligne in laureats], dernier


def monde_du_vote(agent: Compte, accueil: Compte) -> dict[str, list[object]]:
    """Access tests: a vote in each état, and its related objects."""
    prepare = scrutin_en_preparation(agent)
    un, autre = ProjetQuartier.objects.filter(budget=prepare.budget_id).order_by("pk")[:2]
    scrutins.declarer_incompatibles(prepare, par=agent, un=un, autre=autre, raison="Même place")
    ouvert = scrutin_ouvert(agent)
    lot = LotDeCodes.objects.create(scrutin=ouvert, nombre=1, etat=EtatLot.PRET, par=agent)
    lot.fichier.save("codes.pdf", ContentFile(b"%PDF-1.7"))
    ferme = scrutin_ouvert(agent)
    for code in codes_connus(ferme, 1):
        codes_de_vote.emarger_papier(ferme, par=agent, code=code)
    clore(ferme)
    urne.saisir_papier(ferme, par=agent, numero=1, choix="1:1")
    papier = urne.saisir_papier(ferme, par=accueil, numero=1, choix="2:1")
    depouille = scrutin_depouille(agent, "1:1", "2:1")
    (pris, *_) = depouillement.gagnants(depouille)
    ecart = depouillement.deroger(depouille, par=agent, ligne=pris, raison="Le terrain n’est plus libre.")
    return {
        "cdv_budget_seul": [budget_au_vote().pk],
        "cdv_vote_prepare": [prepare.pk],
        "cdv_paire": [prepare.incompatibilites.get().pk],
        "cdv_vote": [ouvert.pk],
        "cdv_lot": [lot.pk],
        "cdv_vote_ferme": [ferme.pk],
        "cdv_papier": [papier.pk],
        "cdv_vote_depouille": [depouille.pk],
        "cdv_ecart": [ecart.pk],
    }
