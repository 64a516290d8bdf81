"""Attacks on a vote of the quartiers and on its forms, replayed over HTTP against a running copy.

Each must fail.
"""

import contextlib
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from django.urls import reverse

from bench.attaques.remontees import LONG, TOLERANCE, demander
from bench.attaques.signatures import MILLE, Bilan
from participation.budgets.models import Idee, InscriptionForum, NoteDeTable, ReglementInterQuartiers, Scrutin
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import regles as regles_vote
from participation.budgets.vote.journee import taches
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte, Quartier

FAUX_PERMIS = 30  # set in the settings, for one network and fifteen minutes


def _ouvert() -> tuple[Scrutin, list[str], str]:
    """Return an open vote, forty of its codes, and its URL."""
    fabriques, monde = import_module("tests.socle.factories"), import_module("tests.budgets.vote")
    agent: Compte = fabriques.CompteFactory(agent=True)
    scrutin: Scrutin = monde.scrutin_ouvert(agent)
    return scrutin, monde.codes_connus(scrutin, 40), reverse("budgets:voter", args=[scrutin.pk])


def _voter(code: str, **choix: str) -> dict[str, str]:
    return {"etape": "voter", "code": code, **(choix or {"projet_1": "1"})}


def mille_codes_faux(port: int, combien: int = MILLE) -> Bilan:
    """One network tries codes, on the first page and on the last one.

    A neighbour with a valid code must still vote.
    """
    scrutin, bons, adresse = _ouvert()
    juges = 0
    for n in range(combien):
        essai = {**_voter(regles_vote.tirer_code()), "etape": "voter" if n % 2 else "choisir"}
        juges += demander(port, adresse, essai, de="203.0.113.7")[0] != 429
    voisine = demander(port, adresse, _voter(bons[0]), de="203.0.113.8")[0]
    vu = f"{juges} essais jugés sur {combien}, {scrutin.bulletins.count()} bulletin, la voisine : {voisine}"
    return juges <= FAUX_PERMIS * TOLERANCE and scrutin.bulletins.count() == 1 and voisine == 303, vu


def codes_faux_sous_un_masque(port: int, combien: int = 400) -> Bilan:
    """The same with a forged X-Forwarded-For each time.

    The proxy appends the real address, which alone must count.
    """
    scrutin, _, adresse = _ouvert()
    juges = 0
    for n in range(combien):
        menti = f"10.{n % 250}.{n // 250}.1, 192.0.2.{n % 250}"
        juges += (
            demander(port, adresse, _voter(regles_vote.tirer_code()), de=f"{menti}, 198.18.7.77")[0] != 429
        )
    vu = f"{juges} essais jugés sur {combien}, {scrutin.bulletins.count()} bulletin"
    return 0 < juges <= FAUX_PERMIS * TOLERANCE and not scrutin.bulletins.exists(), vu


def un_code_vingt_telephones(port: int, combien: int = 20) -> Bilan:
    """One code used from many places at the same moment, each time with another choice."""
    scrutin, bons, adresse = _ouvert()
    with ThreadPoolExecutor(10) as fils:
        statuts = list(
            fils.map(
                lambda n: demander(
                    port, adresse, _voter(bons[0], **{f"projet_{1 + n % 4}": "1"}), de=f"198.51.{n}.8"
                )[0],
                range(combien),
            )
        )
    vu = f"{scrutin.bulletins.count()} bulletin, {statuts.count(303)} reçu, {statuts.count(409)} refus"
    return (scrutin.bulletins.count(), statuts.count(303), statuts.count(409)) == (1, 1, combien - 1), vu


def quarante_kio_partout(port: int) -> Bilan:
    """40 KB in every field of an idée, a registration, a table and a ballot: a message, and nothing stored."""
    monde = import_module("tests.budgets.factories")
    scrutin, bons, voter = _ouvert()
    budget = monde.budget_en("idees")
    forum = monde.forum_le(budget=budget, places=500)
    quartier = str(Quartier.objects.order_by("pk").values_list("pk", flat=True)[0])
    formes: list[tuple[str, Mapping[str, str], tuple[str, ...]]] = [
        (
            reverse("budgets:proposer_idee", args=[budget.pk]),
            {"titre": "Un jardin", "texte": "Derrière l’école.", "quartiers": quartier, "envoyer": "oui"},
            ("titre", "texte", "quartiers", "lieu", "nom", "courriel", "telephone", "cle", "latitude"),
        ),
        (
            reverse("budgets:s_inscrire", args=[forum.pk]),
            {"nom": "Léa", "courriel": "lea@example.org"},
            ("nom", "courriel", "telephone", "quartier", "besoins", "langue", "enfants", "precisions", "cle"),
        ),
        (
            reverse("budgets:table_par_lien", args=[monde.table_de(forum).jeton()]),
            {"quoi": "idee", "texte": "Un banc."},
            ("quoi", "texte", "quartier", "nom", "courriel", "telephone", "cle"),
        ),
        (voter, {"etape": "relire", "code": bons[0]}, ("etape", "code", "projet_1", "recu")),
    ]
    statuts = [
        demander(port, chemin, {**champs, "cle": str(uuid.uuid4()), nom: LONG}, de=f"198.51.{rang}.{n}")[0]
        for rang, (chemin, champs, noms) in enumerate(formes)
        for n, nom in enumerate(noms)
    ]
    gardes = [
        texte
        for modele, champ in (
            (Idee, "texte"),
            (Idee, "titre"),
            (NoteDeTable, "texte"),
            (InscriptionForum, "nom"),
        )
        for texte in _textes(modele, champ)
        if len(texte) > 3000
    ]
    pannes = sum(statut >= 500 for statut in statuts)
    vu = f"{len(statuts)} essais, {pannes} pannes, {len(gardes)} textes gardés"
    return not pannes and not gardes and not scrutin.bulletins.exists(), vu


def _textes(modele: Any, champ: str) -> list[str]:
    return list(modele.objects.values_list(champ, flat=True))


def compte_avant_l_heure(port: int) -> Bilan:
    """Read the result of an open vote from the size of public pages.

    The ballots are changed: no public page, data file or sitemap may change its size.
    """
    scrutin, bons, adresse = _ouvert()
    for n, code in enumerate(bons[:12]):
        demander(port, adresse, _voter(code), de=f"198.51.{n}.10")
    budget = scrutin.budget_id
    pages = [
        scrutin.get_public_url(),
        scrutin.budget.get_public_url(),
        reverse("budgets:bulletins_pb", args=[scrutin.pk]),
        *(
            reverse(f"budgets:donnees_budget_{forme}", args=[budget, quoi])
            for forme in ("csv", "json")
            for quoi in ("idees", "projets")
        ),
        "/sitemap.xml",
        "/",
    ]
    avant = [len(demander(port, page)[2]) for page in pages]
    scrutin.bulletins.update(choix="4:1")
    differentes = [
        page for page, taille in zip(pages, avant, strict=True) if len(demander(port, page)[2]) != taille
    ]
    ouvert = demander(port, pages[2])[0]
    vu = f"{len(differentes)} pages changent sur {len(pages)}, les bulletins : {ouvert}"
    return not differentes and ouvert == 404, vu


def guichet_qui_vote(port: int, combien: int = 40) -> Bilan:
    """One account of the desk draws codes one after the other, and all vote from one machine."""
    scrutin, _, adresse = _ouvert()
    fabriques = import_module("tests.socle.factories")
    guichet = fabriques.CompteFactory(accueil=True)
    tires = []
    for _ in range(combien):
        with contextlib.suppress(ErreurMetier):
            tires.append(codes_de_vote.remettre_code(scrutin, par=guichet, raison="Au guichet")[1])
    votes = [demander(port, adresse, _voter(code), de="203.0.113.9")[0] for code in tires]
    agent = fabriques.CompteFactory(agent=True)
    vues = [t.quoi for attente in taches(agent) for t in attente.lignes() if "remis" in t.quoi]
    lot = scrutin.lots.get(par=guichet)
    vu = f"{len(tires)} codes sur {combien}, {votes.count(303)} votes ; « {vues[0] if vues else 'rien n’est dit'} »"
    return len(tires) <= ReglementInterQuartiers.actuel().codes_par_heure and bool(vues) and bool(lot.pk), vu


ATTAQUES: dict[str, Callable[[int], Bilan]] = {
    "1 000 codes de vote faux d’une adresse": mille_codes_faux,
    "des codes faux sous une fausse adresse": codes_faux_sous_un_masque,
    "un code de vote, vingt téléphones ensemble": un_code_vingt_telephones,
    "40 Kio dans chaque champ d’une idée, d’un forum, d’un bulletin": quarante_kio_partout,
    "le compte d’un vote ouvert, par les tailles": compte_avant_l_heure,
    "un guichet tire 40 codes et vote avec": guichet_qui_vote,
}
