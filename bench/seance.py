"""Sixty members in a séance, polling every three seconds for a minute; compared with a bare view.

Then the worst case: during a vote, a ballot is cast and a member changes presence every second, so that every
poll returns the screen.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.test import Client
from django.utils import timezone

from bench.charge import get
from bench.serveurs import Banc, charge_machine, gunicorn
from bench.tableaux import tableau, virgule
from participation.seances.models import (
    College,
    Convie,
    Instance,
    Mandature,
    Membre,
    Point,
    Presence,
    ReglementInstance,
    Seance,
    Vote,
)
from participation.seances.points import actes as points
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as actes_votes
from participation.seances.workflow import Etat
from participation.socle.models import Appartenance, Compte
from participation.socle.workflow import Role

MEMBRES, PERIODE = 60, 3.0  # members; seconds between two polls of a screen
BUT = 300  # milliseconds (median)


@dataclass(slots=True)
class Serie:
    nom: str
    durees: list[float] = field(default_factory=list)
    inchangees: int = 0
    fautes: int = 0

    def ligne(self, temoin: "Serie | None") -> list[str]:
        durees = sorted(self.durees)
        ratio = f"× {virgule(median(durees) / median(temoin.durees), 1)}" if temoin else ""
        return [
            self.nom,
            str(len(durees)),
            str(self.inchangees),
            virgule(median(durees), 1),
            virgule(durees[int(0.95 * (len(durees) - 1))], 1),
            virgule(durees[-1], 1),
            ratio,
        ]


def mesurer(lance: Banc, duree: float = 60.0) -> None:
    """Print the table. Raises SystemExit if a response is not the expected one."""
    seance, convies, agent = _preparer()
    sessions = [_session(convie.membre.compte) for convie in convies]
    chemin = f"/mes-seances/{seance.pk}/en-cours/etat/"
    print(f"… {MEMBRES} membres, une question toutes les {PERIODE:.0f} s ({charge_machine()})", flush=True)
    with (
        gunicorn(lance, "bench.nu:application", "/page") as (nu, _),
        gunicorn(lance, "participation.wsgi:application", "/") as (site, _),
    ):
        versions = ["0"] * MEMBRES

        def question(rang: int) -> bytes:
            return (
                f"GET {chemin}?version={versions[rang]} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Cookie: {settings.SESSION_COOKIE_NAME}={sessions[rang]}\r\nHX-Request: true\r\n\r\n"
            ).encode()

        def lire(rang: int, reponse: bytes) -> None:
            marque = reponse.partition(b'data-version="')[2].partition(b'"')[0]
            versions[rang] = marque.decode() or versions[rang]

        asyncio.run(_tous(site, question, lire, Serie("chauffe"), PERIODE, lambda: None))
        calme, vote_ouvert, temoin = (
            Serie("écran d’un membre, rien de neuf"),
            Serie("écran d’un membre, un changement par seconde"),
            Serie("témoin : un petit gabarit"),
        )
        asyncio.run(_tous(nu, lambda _: get("/page"), lambda *_: None, temoin, duree / 2, lambda: None))
        asyncio.run(_tous(site, question, lire, calme, duree, lambda: None))
        votes = _votes(seance, convies, agent)
        asyncio.run(_tous(site, question, lire, vote_ouvert, duree, votes))
    if fautes := calme.fautes + vote_ouvert.fautes + temoin.fautes:
        raise SystemExit(f"{fautes} réponses inattendues : les chiffres ne valent rien.")
    tableau(
        f"Séance : {MEMBRES} membres pendant {duree:.0f} s (but : médiane sous {BUT} ms)",
        ("", "réponses", "dont 204", "médiane ms", "p95 ms", "max ms", "du témoin"),
        [calme.ligne(temoin), vote_ouvert.ligne(temoin), temoin.ligne(None)],
    )


async def _tous(port: int, question, lire, serie: Serie, duree: float, chaque_seconde) -> None:  # type: ignore[no-untyped-def]
    fin = time.perf_counter() + duree

    async def seconde() -> None:
        while time.perf_counter() < fin:
            await asyncio.to_thread(chaque_seconde)
            await asyncio.sleep(1)

    await asyncio.gather(
        seconde(), *(_membre(port, rang, question, lire, serie, fin) for rang in range(MEMBRES))
    )


async def _membre(port: int, rang: int, question, lire, serie: Serie, fin: float) -> None:  # type: ignore[no-untyped-def]
    """Poll as one phone: a kept connection, one request every `PERIODE`, the members spread over the period."""
    await asyncio.sleep(PERIODE * rang / MEMBRES)
    entree, sortie = await asyncio.open_connection("127.0.0.1", port)
    while (debut := time.perf_counter()) < fin:
        sortie.write(question(rang))
        tete = await entree.readuntil(b"\r\n\r\n")
        statut = int(tete[9:12])
        longueur = int(tete.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        corps = await entree.readexactly(longueur) if longueur and statut != 204 else b""
        serie.durees.append(1000 * (time.perf_counter() - debut))
        serie.inchangees += statut == 204
        serie.fautes += statut not in {200, 204}
        lire(rang, corps)
        await asyncio.sleep(max(0.0, PERIODE - (time.perf_counter() - debut)))
    sortie.close()


def _preparer() -> tuple[Seance, list[Convie], Compte]:
    """A plenary of 60 members, all present, on its second point."""
    instance = Instance.objects.create(cle="banc", nom="Commission du banc", sigle="Banc", fondement="Banc")
    reglement = ReglementInstance.objects.create(
        instance=instance, version="1", en_vigueur_du="2020-01-01", source="Banc", delai_convocation=5
    )
    mandature = Mandature.objects.create(instance=instance, intitule="Banc", debut="2020-01-01")
    maintenant = timezone.now()
    seance = Seance.objects.create(
        instance=instance,
        mandature=mandature,
        reglement=reglement,
        titre="Plénière",
        debut=maintenant,
        fin=maintenant + timedelta(hours=2),
        tenue="hybride",
        lieu="Salle",
        etat=Etat.OUVERTE,
        ouverte_le=maintenant,
    )
    agent = Compte.objects.create_user("agent@banc.example.org", prenom="Agent", nom="Banc")
    Appartenance.objects.create(compte=agent, role=Role.AGENT)
    convies = []
    colleges = [
        College.objects.create(mandature=mandature, nom=nom, sieges=20, vote_depuis="2020-01-01", ordre=ordre)
        for ordre, nom in enumerate(("Élus", "Associations", "Habitants"))
    ]
    for numero in range(MEMBRES):
        compte = Compte.objects.create_user(f"m{numero}@banc.example.org", prenom="Membre", nom=f"N{numero}")
        membre = Membre.objects.create(college=colleges[numero % 3], compte=compte, du="2020-01-01")
        convies.append(Convie.objects.create(seance=seance, membre=membre))
    for convie in convies:
        presence.arriver(convie, mode="salle", par=agent)
    for ordre in range(1, 9):
        Point.objects.create(seance=seance, ordre=ordre, titre=f"Point {ordre} de la plénière", nature="avis")
    points.passer_au_point(Point.objects.get(seance=seance, ordre=2), par=agent)
    return seance, convies, agent


def _votes(seance: Seance, convies: list[Convie], agent: Compte):  # type: ignore[no-untyped-def]
    """Open a named vote. Each call of the result casts a ballot and changes the presence of a member."""
    point = Point.objects.select_related("seance").get(seance=seance, etat="en_cours")
    vote = actes_votes.ouvrir_vote(point, par=agent, objet="Adopter l’avis", forme=Vote.Forme.NOMINATIF)
    reste = iter(convies)

    def un() -> None:
        convie = next(reste, None)
        if convie is not None:
            actes_votes.voter(
                Vote.objects.select_related("point__seance").get(pk=vote.pk), convie, sens="pour"
            )
        remuant = Convie.objects.select_related("seance", "membre__compte").get(pk=convies[-1].pk)
        mode = Presence.objects.get(convie=remuant, depart__isnull=True).mode
        presence.arriver(remuant, mode="distance" if mode == "salle" else "salle", par=agent)

    return un


def _session(compte: Compte) -> str:
    client = Client()
    client.force_login(compte)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
