"""Attacks on what a panel lives of: its communes, its questionnaires, an election in séance, its marché. Each must fail."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from participation.panels.models import PartDeCommune, ReponseQuestionnaire
from participation.seances.votes.elections import actes as elections
from participation.socle.models import Commune

LONG = "é" * 40_000
NUL = "avant\0apr\u202es"


def _panels() -> Any:
    return import_module("tests.panels.factories")


def _comptes() -> Any:
    return import_module("tests.socle.factories").CompteFactory


def _salle() -> Any:
    return import_module("tests.seances.salle")


def _pannes(statuts: list[int]) -> list[int]:
    return [statut for statut in statuts if statut >= 500]


def commune_pour_une_autre(ouvrir: Ouvrir) -> Bilan:
    """By her link a commune deposits the file of another; ten windows deposit two lists at once; files that no script made."""
    panel = _panels().PanelFactory()
    _panels().annoncer(panel, _comptes()(agent=True))
    une, autre = (
        PartDeCommune.objects.create(panel=panel, commune=c, lettres=3)
        for c in Commune.objects.order_by("pk")[:2]
    )

    def deposer(n: int, jeton: str, dit: object, acte: str = "deposer_engagements") -> int:
        octets = dit if isinstance(dit, bytes) else json.dumps(dit).encode()
        reponses = {"acte": acte, "postees": "3", "date_postee": timezone.localdate().isoformat()}
        adresse = reverse("panels:part_de_commune", args=[jeton])
        return ouvrir(f"203.0.{n}.71", None).joindre(adresse, reponses, "fichier", "f.json", octets)[0]

    def engage(part: PartDeCommune, lettre: str, lignes: int = 40) -> dict[str, object]:
        return {"format": "engagements-v1", "code": part.commune_id, "lignes": lignes, "racine": lettre * 64}

    bon = une.jeton()
    faux = [
        deposer(1, bon, engage(autre, "a")),
        deposer(2, bon[:-1] + ("a" if bon[-1] != "a" else "b"), engage(une, "a")),
        deposer(3, f"{autre.pk}{bon[len(str(une.pk)) :]}", engage(autre, "a")),
        deposer(4, bon, engage(une, "a", 2)),
        deposer(5, bon, b"[" * 100_000),
        deposer(6, bon, NUL.encode() * 9000),
        deposer(7, bon, engage(une, "a"), "deposer_preuve"),
    ]
    avant = PartDeCommune.objects.filter(panel=panel, engagee_le__isnull=False).count()
    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(lambda n: deposer(10 + n, bon, engage(une, "ab"[n % 2])), range(10)))
    une.refresh_from_db()
    lignes = panel.journal.filter(acte="deposer_engagements").count()
    pannes = _pannes([*faux, *statuts])
    return (
        (avant, lignes) == (0, 1) and une.racine in {"a" * 64, "b" * 64} and not pannes,
        f"{avant} part engagée par un faux, {lignes} par dix fenêtres, {len(pannes)} pannes ({faux})",
    )


def mille_avis(ouvrir: Ouvrir) -> Bilan:
    """A member answers a thousand times, a stranger and a member of another panel once; notes and words of nowhere."""
    panel, ailleurs = (
        _panels().PanelFactory(session=True, questionnaires_le=timezone.now()) for _ in range(2)
    )
    usine = import_module("tests.seances.factories")

    def membre(p: Any) -> Any:
        mandature = usine.MandatureFactory(instance=p.instance)
        return usine.MembreFactory(college=usine.CollegeFactory(mandature=mandature)).compte

    lui, autre = membre(panel), membre(ailleurs)
    adresse = reverse("panels:repondre_questionnaire", args=[panel.cle])

    def dire(n: int, compte: Any, **reponses: str) -> int:
        return ouvrir(f"203.0.{n % 250}.72", compte).post(adresse, reponses)[0]

    faux = [
        dire(1, None, question_0="5"),
        dire(2, _comptes()(), question_0="5"),
        dire(3, autre, question_0="5"),
        dire(4, lui, question_0="6"),
        dire(5, lui, question_0="-1", question_99="5"),
        dire(6, lui, mots=LONG),
        dire(7, lui, question_0=NUL, mots=NUL),
    ]
    avant = ReponseQuestionnaire.objects.filter(panel=panel).count()
    with ThreadPoolExecutor(20) as fils:
        statuts = list(fils.map(lambda n: dire(n, lui, question_0=str(n % 5 + 1)), range(1000)))
    gardees = ReponseQuestionnaire.objects.filter(panel=panel).count()
    pannes = _pannes([*faux, *statuts])
    return (avant <= 1 and gardees == 1 and not pannes, f"{gardees} réponse pour 1 000 envois, {avant} avant, {len(pannes)} pannes ({faux})")  # fmt: skip


def election_forcee(ouvrir: Ouvrir) -> Bilan:
    """Twenty windows name at once; names are asked before they are read; who does not sit here, or is not there, names; long texts."""
    salle, usine = _salle(), import_module("tests.seances.factories")
    agent = _comptes()(agent=True)
    # Instances of their own: members whom other attacks left would count in the quorum.
    seance, ailleurs = (
        usine.SeanceFactory(ouverte=True, mandature__instance__cle=cle) for cle in ("election", "ailleurs")
    )
    un, deux, *_ = salle.convies(seance, 4, nom="Habitants")
    (dehors,) = salle.convies(ailleurs, 1, nom="Autres")
    (absent,) = salle.convies(seance, 1, nom="Absents", presents=False)
    election = elections.ouvrir_election(
        salle.point_en_cours(seance, agent), par=agent, objet="Porter la parole", places=1
    )
    secret = "Elle a gardé les notes"

    def designer(n: int, qui: Any, **dit: object) -> int:
        envoi = {"membre_0": str(deux.membre_id), "raison_0": secret, **{k: str(v) for k, v in dit.items()}}
        adresse = reverse("seances:designer", args=[seance.pk])
        return ouvrir(f"203.0.{n % 250}.73", qui).post(adresse, envoi)[0]

    with ThreadPoolExecutor(20) as fils:
        statuts = list(fils.map(lambda n: designer(n, un.membre.compte), range(20)))
    faux = [
        designer(30, dehors.membre.compte),
        designer(31, absent.membre.compte),
        designer(32, None),
        designer(33, deux.membre.compte, membre_0=dehors.membre_id),
        designer(34, deux.membre.compte, raison_0=LONG),
        designer(35, deux.membre.compte, raison_0=NUL, membre_0="1 OR 1=1"),
        ouvrir("203.0.36.73", un.membre.compte).post(
            reverse("seances:se_prononcer", args=[seance.pk]), {"dit": "accord"}
        )[0],
        ouvrir("203.0.37.73", un.membre.compte).post(
            reverse("seances:lire_designations", args=[election.pk]), {}
        )[0],
    ]
    lues = [
        ouvrir("203.0.38.73", deux.membre.compte).get(reverse(f"seances:{nom}", args=[seance.pk]))[2]
        for nom in ("ma_seance_en_cours", "ma_seance_etat", "ecran", "designer")
    ]
    donnees = election.designations.count()
    election.refresh_from_db()
    fuites, pannes = [p for p in lues if secret in p], _pannes([*faux, *statuts])
    return (
        (donnees, election.etat) == (1, "designe") and not fuites and not pannes,
        f"{donnees} désignation pour 28 envois, {len(fuites)} page qui la dit trop tôt, {len(pannes)} pannes ({faux})",
    )


def marche_depasse(ouvrir: Ouvrir) -> Bilan:
    """Ten windows order what remains once; an élu orders; amounts of nowhere, lots of another marché."""
    usine = _panels()
    marche, autre, panel = (usine.MarcheFactory(plafond=1000), usine.MarcheFactory(), usine.PanelFactory())
    agent, elu = _comptes()(agent=True), _comptes()(elu=True)
    adresse = reverse("panels:commander", args=[marche.pk])

    def commander(n: int, qui: Any, **dit: str) -> int:
        envoi = {
            "panel": str(panel.pk),
            "lot": str(marche.lots.get().pk),
            "libelle": "Recruter",
            "montant": "600",
            "numero": f"BC-{n}",
            "date_commande": timezone.localdate().isoformat(),
            **dit,
        }
        return ouvrir(f"203.0.{n % 250}.74", qui).post(adresse, envoi)[0]

    loin = (timezone.localdate() + timedelta(days=9000)).isoformat()
    faux = [
        commander(1, elu),
        commander(2, None),
        commander(3, agent, montant="-600"),
        commander(4, agent, montant="1e400"),
        commander(5, agent, montant="NaN"),
        commander(6, agent, lot=str(autre.lots.get().pk)),
        commander(7, agent, date_commande=loin),
        commander(8, agent, libelle=LONG),
        commander(9, agent, libelle=NUL, montant="1"),  # kept, without what is not written
    ]
    avant = list(marche.commandes.values_list("libelle", flat=True))
    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(lambda n: commander(20 + n, agent), range(10)))
    faites, pannes = marche.commandes.filter(montant=600).count(), _pannes([*faux, *statuts])
    return (
        avant == ["avantaprs"] and faites == 1 and not pannes,
        f"{faites} commande de 600 sur 1 000, {avant} avant, {len(pannes)} pannes ({faux})",
    )


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "une commune dépose pour une autre, et deux fois": commune_pour_une_autre,
    "mille avis d’un membre de panel": mille_avis,
    "une élection forcée, lue trop tôt": election_forcee,
    "un marché dépassé par dix fenêtres": marche_depasse,
}
