"""A vote of the quartiers: casting a ballot, compared with a bare INSERT; then counting.

20 000 ballots on 100 projets are counted by both rules, then again by the stand-alone script that anybody runs.
"""

import random
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.charge import Requete, charger, post
from bench.serveurs import Banc, charge_machine, gunicorn
from bench.tableaux import milliers, tableau, virgule
from bench.web import CHAUFFE, ENTETES, JETON, Cible, Perte, _ligne, inserer, passer
from participation.budgets.models import (
    Budget,
    BulletinVote,
    Code,
    Depouillement,
    LotDeCodes,
    Phase,
    ProjetQuartier,
    Scrutin,
)
from participation.budgets.vote import depouillement, scrutins, urne
from participation.budgets.vote import regles as regles_vote
from participation.budgets.workflow.budget import EtatBudget, EtatProjetQuartier, NaturePhase
from participation.budgets.workflow.vote import EtatLot, EtatScrutin
from participation.socle.models import Compte

PROJETS, BULLETINS, CODES = 100, 20_000, 30_000
BUT_COMPTE, BUT_PART = 60, 60  # seconds; percentage of the bare view


def mesurer(lance: Banc, duree: float, tours: int) -> None:
    """Print the tables. Raises Perte if a ballot is missing."""
    agent = Compte.objects.create(courriel="vote@bench.example.org", prenom="Banc", nom="Essai")
    scrutin = scrutin_ouvert(agent)
    _voter(lance, scrutin, duree, tours)
    _compter(scrutin)


def scrutin_ouvert(agent: Compte) -> Scrutin:
    """Return a vote open today, on a hundred projets. Rows are written directly, without letters."""
    jour, hasard = timezone.localdate(), random.Random(7)
    budget = Budget.objects.create(
        titre="Budget du banc", annee=2027, montant=Decimal(1_000_000), texte="Banc.", etat=EtatBudget.OUVERT
    )
    Phase.objects.create(
        budget=budget, nature=NaturePhase.VOTE, date_debut=jour, date_fin=jour + timedelta(days=5)
    )
    for rang in range(1, PROJETS + 1):
        ProjetQuartier.objects.create(
            budget=budget,
            reference=f"PIQ-{jour.year}-9{rang:03d}",
            titre=f"Projet {rang}",
            cout=Decimal(hasard.randrange(2000, 40_000, 100)),
            etat=EtatProjetQuartier.AU_VOTE,
            ouvert_le=timezone.now(),
        )
    scrutin = scrutins.nouveau_scrutin(budget)
    scrutin.qui_vote = "Le banc."
    scrutin.save()
    from unittest.mock import patch

    with patch.object(Scrutin, "roles_de", lambda *_a, **_k: frozenset({"agent"})):
        scrutins.ouvrir_scrutin(scrutin, par=agent)
    return scrutin


def tirer_codes(scrutin: Scrutin, combien: int) -> list[str]:
    lot = LotDeCodes.objects.create(scrutin=scrutin, nombre=1, etat=EtatLot.REMIS)
    debut = scrutin.codes.count()
    tires = [regles_vote.tirer_code() for _ in range(combien)]
    Code.objects.bulk_create(
        (
            Code(scrutin=scrutin, lot=lot, numero=debut + n, empreinte=urne.empreinte_de(scrutin, code))
            for n, code in enumerate(tires, start=1)
        ),
        batch_size=5000,
    )
    return tires


def _voter(lance: Banc, scrutin: Scrutin, duree: float, tours: int) -> None:
    chemin = f"/contrat-de-ville/vote/{scrutin.pk}/voter/"

    def requetes(tires: list[str]) -> Requete:
        return lambda n: post(
            chemin,
            urlencode({"etape": "voter", "code": tires[n - 1], "projet_3": "1", "projet_7": "1"}),
            entetes=f"Cookie: csrftoken={JETON}\r\nX-CSRFToken: {JETON}\r\n",
        )

    passages: tuple[list, list] = ([], [])  # type: ignore[type-arg]
    with (
        gunicorn(lance, "bench.nu:application", "/page") as nu,
        gunicorn(lance, "participation.wsgi:application", "/") as site,
    ):
        charger(nu[0], inserer(), CHAUFFE)
        charger(site[0], requetes(tirer_codes(scrutin, CODES // 3)), CHAUFFE)
        for tour in range(tours):
            print(f"… voter, tour {tour + 1} sur {tours} ({charge_machine()})", flush=True)
            tires = tirer_codes(scrutin, CODES)
            passages[0].append(
                passer(lance, Cible("témoin : un INSERT", *nu, inserer(), b"/page", 303), duree)
            )
            avant = scrutin.bulletins.count()
            passage = passer(lance, Cible("voter", *site, requetes(tires), b"/vote/", 303), duree)
            passages[1].append(passage)
            if scrutin.bulletins.count() - avant != passage.mesure.reponses:
                raise Perte("Des bulletins manquent.")
    lignes = [_ligne(Cible("témoin : un INSERT", *nu, inserer(), b"", 303), passages[0], None)]
    lignes.append(_ligne(Cible("voter", *site, inserer(), b"", 303), passages[1], passages[0]))
    tableau(f"Voter (POST), but : {BUT_PART} % du témoin", ENTETES, lignes)
    print(f"Instructions SQL d’un vote : {_instructions(scrutin, chemin)} (but : 3 au plus)")
    part = median(b.mesure.debit / a.mesure.debit for a, b in zip(*passages, strict=True))
    print(f"Part du témoin : {100 * part:.0f} %")


def _instructions(scrutin: Scrutin, chemin: str) -> int:
    client, (premier, second) = Client(SERVER_NAME="127.0.0.1"), tirer_codes(scrutin, 2)
    client.post(chemin, {"etape": "voter", "code": premier, "projet_1": "1"})
    with CaptureQueriesContext(connection) as vues:
        reponse = client.post(chemin, {"etape": "voter", "code": second, "projet_1": "1"})
    assert reponse.status_code == 303, reponse.status_code
    return len(vues)


def _compter(scrutin: Scrutin) -> None:
    hasard = random.Random(11)
    poids = [1 / (rang + 3) for rang in range(PROJETS)]
    scrutin.bulletins.all().delete()
    bulletins = []
    for _ in range(BULLETINS):
        choisis: set[int] = set()
        while len(choisis) < 5:
            choisis.add(hasard.choices(range(1, PROJETS + 1), poids)[0])
        bulletins.append(
            BulletinVote(id=uuid.uuid4(), scrutin=scrutin, choix=",".join(f"{n}:1" for n in sorted(choisis)))
        )
    BulletinVote.objects.bulk_create(bulletins, batch_size=5000)
    Scrutin.objects.filter(pk=scrutin.pk).update(etat=EtatScrutin.FERME)
    demande = Depouillement.objects.create(scrutin=scrutin, total=scrutin.montant)
    print(f"… dépouiller ({charge_machine()})", flush=True)
    debut = time.perf_counter()
    assert depouillement.compter_bulletins(demande.pk)
    secondes = time.perf_counter() - debut
    demande.refresh_from_db()
    lignes = [
        [
            f"{milliers(demande.exprimes)} bulletins × {PROJETS} projets, deux règles, fichier publié",
            f"{virgule(secondes, 1)} s",
            f"< {BUT_COMPTE} s",
        ],
        [
            "le script publié, rejouer.py, sur le fichier publié",
            f"{virgule(_rejouer(demande.pb), 1)} s",
            f"< {BUT_COMPTE} s",
        ],
        *(
            [
                f"  {regle} : {len(demande.resultat(regle).gagnants)} projets",
                f"{milliers(demande.resultat(regle).depense)} €",
                "",
            ]
            for regle in sorted(demande.resultats)
        ),
    ]
    tableau("Dépouiller", ("", "mesure", "but"), lignes)


def _rejouer(pb: str) -> float:
    """Return the seconds of the stand-alone script. Raises Perte if it finds other winners."""
    script = Path(settings.BASE_DIR) / "participation/budgets/donnees/rejouer.py"
    with tempfile.TemporaryDirectory() as dossier:
        fichier = Path(dossier) / "bulletins.pb"
        fichier.write_text(pb, encoding="utf-8")
        debut = time.perf_counter()
        rendu = subprocess.run([sys.executable, "-I", script, fichier], check=False, capture_output=True)
    if rendu.returncode:
        raise Perte("Le script publié ne trouve pas les mêmes projets.")
    return time.perf_counter() - debut
