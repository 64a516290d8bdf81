"""Attacks on what a person may ask about her data, and on the verdict asked by letter, replayed over HTTP. Each must fail."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlsplit

from django.urls import reverse
from django.utils import timezone

from bench.attaques.acces import Ouvrir
from bench.attaques.signatures import Bilan
from participation.droits.models import DemandeDroit
from participation.droits.personnes.actes import demander_droit, executer_demande
from participation.socle.models import Compte, Courriel
from participation.suites.models import Sollicitation, Verdict
from petitions import rapprochement as rapprochements

LETTRE = "droits/demander_droit"
LONG = "é" * 20_000


def _monde(nom: str) -> Any:
    return import_module(f"tests.{nom}")


def _demander(
    ouvrir: Ouvrir, courriel: str, droit: str = "copie", ip: str = "203.0.113.51"
) -> tuple[int, str, str]:
    return ouvrir(ip, None).post(reverse("droits:vos_droits"), {"courriel": courriel, "droit": droit})


def _neuve(droit: str = "copie", courriel: str = "anne.essai@exemple.fr") -> DemandeDroit:
    DemandeDroit.objects.filter(etat__in=["a_prouver", "a_faire"]).delete()
    demander_droit(courriel, droit)
    return DemandeDroit.objects.latest("pk")


def mille_demandes(ouvrir: Ouvrir, combien: int = 1000) -> Bilan:
    """One mailbox, spelled in many ways, from many networks; then the person herself asks."""
    Courriel.objects.all().delete()
    DemandeDroit.objects.filter(etat="a_prouver").delete()
    for n in range(combien):
        _demander(
            ouvrir,
            f"victime+{n % 7}@exemple.fr",
            ("copie", "effacement")[n % 2],
            f"203.{n % 200}.{n // 200}.9",
        )
    _demander(ouvrir, "victime@exemple.fr", ip="198.51.100.51")
    lettres, lignes = (
        Courriel.objects.filter(acte=LETTRE).count(),
        DemandeDroit.objects.filter(etat="a_prouver").count(),
    )
    return 0 < lettres <= 2 and lignes <= 2, f"{lettres} lettres et {lignes} demandes pour {combien} envois"


def mille_boites(ouvrir: Ouvrir, combien: int = 1000) -> Bilan:
    """One network asks for as many mailboxes as it can: rows and letters are bounded, a neighbour still asks."""
    Courriel.objects.all().delete()
    DemandeDroit.objects.filter(etat="a_prouver").delete()
    for n in range(combien):
        _demander(ouvrir, f"inconnue{n}@orange.fr", ip="203.0.113.52")
    lignes = DemandeDroit.objects.filter(etat="a_prouver").count()
    _demander(ouvrir, "voisine@orange.fr", ip="198.51.100.52")
    voisine = DemandeDroit.objects.filter(courriel="voisine@orange.fr").exists()
    return (
        lignes <= 600 and voisine,
        f"{lignes} demandes gardées, la voisine {'entendue' if voisine else 'refusée'}",
    )


def qui_est_connu(ouvrir: Ouvrir) -> Bilan:
    """The answer is the same for an address of an account, of an agent, and for one that the site never saw."""
    compte, agente = (
        _monde("socle.factories").CompteFactory(),
        _monde("socle.factories").CompteFactory(agent=True),
    )
    vues = {
        _demander(ouvrir, adresse, "effacement", f"203.0.{rang}.53")[:2]
        for rang, adresse in enumerate((compte.courriel, agente.courriel, "jamais.vue@exemple.fr"))
    }
    return len(vues) == 1, f"{len(vues)} réponse pour trois adresses"


def au_nom_d_une_autre(ouvrir: Ouvrir) -> Bilan:
    """A link changed, of another kind, or only read: nothing is proved; the mailbox of an agent erases no account."""
    demande, agente = _neuve(), _monde("socle.factories").CompteFactory(agent=True)
    bon, autre = demande.jeton(), DemandeDroit.LIEN.sceller(demande.pk, uuid.uuid4())
    navigateur = ouvrir("203.0.113.54", None)
    for faux in (
        bon[:-1] + ("a" if bon[-1] != "a" else "b"),
        autre,
        bon.upper(),
        f"{bon}%00",
        "é" * 200,
        bon * 40,
    ):
        navigateur.post(
            reverse("droits:ma_demande", args=["x"]).replace("/x/", f"/{quote(faux, safe='%:')}/"), {}
        )
    navigateur.get(demande.get_public_url())
    demande.refresh_from_db()
    prouvee = demande.est_prouvee
    siennes = _neuve("effacement", agente.courriel)
    statut = navigateur.post(siennes.get_public_url(), {})[0]
    executer_demande(siennes.pk)
    reste = Compte.objects.filter(pk=agente.pk, is_active=True).exists()
    return (
        not prouvee and reste and statut == 409,
        f"{'prouvée' if prouvee else 'rien de prouvé'} ; le compte de l’agente {'reste' if reste else 'est effacé'} ({statut})",
    )


def dix_fenetres(ouvrir: Ouvrir) -> Bilan:
    """Ten windows prove one erasure, three workers do it; the link is used again afterwards."""
    compte = _monde("socle.factories").CompteFactory()
    demande = _neuve("effacement", compte.courriel)
    adresse, journal = demande.get_public_url(), demande.journal.all()
    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(lambda n: ouvrir(f"203.0.{n}.55", None).post(adresse, {})[0], range(10)))
        list(fils.map(lambda n: executer_demande(demande.pk), range(3)))
    apres = ouvrir("203.0.113.55", None).post(adresse, {})[0]
    preuves, faites = (
        journal.filter(acte="confirmer_demande").count(),
        journal.filter(acte="effacer_personne").count(),
    )
    pannes = [s for s in (*statuts, apres) if s >= 500]
    return (preuves, faites, pannes) == (
        1,
        1,
        [],
    ), f"{preuves} preuve, {faites} effacement, {len(pannes)} pannes, ensuite : {apres}"


def champs_de_travers(ouvrir: Ouvrir) -> Bilan:
    """40 KB, null characters, bidi marks and words in every field: no failure, no letter with them, nothing kept."""
    Courriel.objects.all().delete()
    avant, statuts = DemandeDroit.objects.count(), []
    for mauvais in (
        LONG,
        "a\0b@exemple.fr",
        "\u202emoc.live@exemple.fr",
        "http://evil.example a@exemple.fr",
        "a@exemple.fr\r\nBcc: b@exemple.fr",
        "",
    ):
        for champs in (
            {"courriel": mauvais, "droit": "copie"},
            {"courriel": "b@exemple.fr", "droit": mauvais},
        ):
            statuts.append(ouvrir("203.0.113.56", None).post(reverse("droits:vos_droits"), champs)[0])
    gardees = DemandeDroit.objects.count() - avant
    return set(statuts) == {
        422
    } and not gardees, f"{len(statuts)} essais, réponses {sorted(set(statuts))}, {gardees} gardées"


def _verdict() -> Verdict:
    suite = _monde("suites.factories").SuiteFactory()
    return Verdict.objects.create(suite=suite, sollicitation=Sollicitation.objects.create(qualite="auteur"))


def verdict_d_une_autre(ouvrir: Ouvrir) -> Bilan:
    """The link of a verdict judges its own suites only; ten windows leave one answer; a suite withdrawn is judged no more."""
    sien, autre = _verdict(), _verdict()
    adresse = reverse("suites:juger", args=[sien.sollicitation.jeton()])
    ouvrir("203.0.113.57", None).post(adresse, {"verdict": str(autre.pk), "jugement": "fait"})
    with ThreadPoolExecutor(10) as fils:
        statuts = list(
            fils.map(
                lambda n: ouvrir(f"203.0.{n}.57", None).post(
                    adresse,
                    {
                        "verdict": str(sien.pk),
                        "jugement": ("fait", "pas_fait")[n % 2],
                        "mot": LONG if n == 9 else "",
                    },
                )[0],
                range(10),
            )
        )
    for faux in ("-1", "9" * 40, "\0", LONG):
        statuts.append(ouvrir("203.0.113.57", None).post(adresse, {"verdict": faux, "jugement": "fait"})[0])
    juge = Verdict.objects.get(pk=autre.pk).jugement
    pannes = [s for s in statuts if s >= 500]
    return (
        not juge and not pannes,
        f"l’autre suite {'jugée' if juge else 'intacte'}, {len(pannes)} pannes pour {len(statuts)} envois",
    )


def accord_d_une_autre(ouvrir: Ouvrir) -> Bilan:
    """One author may not consent for the other; twenty windows of both gather the pétitions once."""
    agente, usine = (
        _monde("socle.factories").CompteFactory(agent=True),
        _monde("petitions.factories").PetitionFactory,
    )
    petition, vers = usine(en_collecte=True), usine(en_collecte=True)
    fait = rapprochements.proposer_rapprochement(
        petition,
        par=agente,
        vers=vers,
        texte="Elles se ressemblent.",
        date_limite=timezone.localdate() + timedelta(days=9),
    )
    liens = [urlsplit(fait.lien_de(une)).path for une in (petition, vers)]

    def accepter(n: int, cote: int) -> int:
        return ouvrir(f"203.0.{n}.58", None).post(liens[cote], {"acte": "accepter_rapprochement"})[0]

    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(lambda n: accepter(n, 0), range(10)))
    sienne = liens[0].replace(f"-{petition.pk}:", f"-{vers.pk}:")
    statuts.append(ouvrir("203.0.113.58", None).post(sienne, {"acte": "accepter_rapprochement"})[0])
    fait.refresh_from_db()
    seule = fait.etat
    with ThreadPoolExecutor(10) as fils:
        statuts += fils.map(lambda n: accepter(n, n % 2), range(20))
    fait.refresh_from_db()
    reunies = petition.journal.filter(acte="reunir").count()
    pannes = [s for s in statuts if s >= 500]
    vu = f"l’une seule : « {seule} » ; les deux : « {fait.etat} », {reunies} réunion, {len(pannes)} pannes"
    return seule == "propose" and reunies == 1 and not pannes, vu


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "1 000 demandes de droits pour une boîte": mille_demandes,
    "1 000 boîtes demandées d’un réseau": mille_boites,
    "savoir qui est connu par « Vos droits »": qui_est_connu,
    "l’effacement d’une autre, par un lien forgé": au_nom_d_une_autre,
    "un effacement prouvé dans dix fenêtres": dix_fenetres,
    "40 Kio, nuls et marques bidirectionnelles à « Vos droits »": champs_de_travers,
    "le verdict d’une autre, dix fenêtres ensemble": verdict_d_une_autre,
    "l’accord de l’autre auteur, vingt fenêtres": accord_d_une_autre,
}
