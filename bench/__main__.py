"""Mesurer le site sous charge, à côté d’un Django nu mesuré au même moment sur la même machine.

    make bench                              toutes les mesures (une dizaine de minutes)
    make bench ARGS="signer page --rapide"  une partie, plus courte
    make bench ARGS="charger --petition PET-2026-0005 --signatures 1500 --communes 20"

`charger` ajoute des signatures confirmées à une pétition du site qui tourne (`make run`, ou DATABASE_URL) ; le
décompte et les seuils suivent en quelques secondes.

signer         POST de la signature, avec 0, 100 000 et 1 000 000 signatures déjà là ; témoin : une vue, un INSERT
page           page publique d’une pétition ; témoin : une vue, un petit gabarit
compter        le décompte périodique et le recompte de la nuit
export         le CSV de toutes les signatures, et sa mémoire
listes         chaque liste du site : 2 M de signatures, 1 M de lettres, 20 000 suites, 3 000 avis, 500 séances (--rapide : un dixième)
pseudonymiser  l’effacement des noms pendant que d’autres signent
remontees      le tri sur 500 000 remontées et 20 000 sujets : file, listes, semblables, apprentissage (--rapide : un dixième)
dauphin        un fichier de Dauphin, 1 000 dossiers de 40 lignes : import, import sans changement, export (--rapide : un dixième)
comites        la liste des projets et l’écran du comité, 1 000 dossiers de 40 lignes ; témoin : leur SQL, seul (--rapide : un dixième)
quartiers      ce qui suit les décisions : évaluation, quartiers, réseau, idées, 1 000 projets et 300 idées (--rapide : un dixième)
vote           donner un bulletin (témoin : une vue, un INSERT) ; 20 000 bulletins × 100 projets comptés par les deux règles
tirage         la loterie la plus juste, à côté de sortition-algorithms (--instances dossier, --sans-temoin) ; 50 000 volontaires importés
proces_verbal  le PDF d’un procès-verbal de 50 pages ; témoin : WeasyPrint seul
attaques       les attaques connues, refaites contre une copie qui tourne : chacune doit échouer (seules, hors des mesures)
redaction      l’aide à la rédaction : part de ses marques qui sont justes (seule, hors des mesures)
croissance     toutes les pages, la démonstration et des années de plus (--volumes remontees=500000 …, --dossier pour garder la base)
seance         60 membres en séance, une question toutes les trois secondes pendant une minute ; témoin : la vue nue
"""

import argparse
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
MESURES = (
    "signer",
    "page",
    "compter",
    "export",
    "pseudonymiser",
    "listes",
    "seance",
    "proces_verbal",
    "remontees",
    "dauphin",
    "comites",
    "quartiers",
    "vote",
    "tirage",
)
RACINE = Path(__file__).resolve().parent.parent


def main() -> None:
    if sys.argv[1:2] == ["_export"]:  # child process, whose memory is measured
        django.setup()
        from bench.taches import exporter

        exporter(int(sys.argv[2]))
        return
    if sys.argv[1:2] in (["_remplir"], ["_pages"]):  # each database is read in a process of its own
        django.setup()
        from bench import croissance
        from bench.donnees import croissance as donnees_croissance

        if sys.argv[1] == "_remplir":
            volumes = croissance.Volumes.lire(sys.argv[2:])
            donnees_croissance.remplir(volumes, lambda quoi: print(f"… {quoi}", flush=True))
        else:
            sortie, mots, *lues = sys.argv[2:]
            croissance.mesurer_les_pages(Path(sortie), mots, *map(Path, lues))
        return
    choix = _lire()
    if "croissance" in choix.mesures:
        from bench import croissance

        sys.exit(0 if croissance.mesurer(choix.volumes, choix.dossier, choix.pages) else 1)
    if "redaction" in choix.mesures:
        from bench import redaction

        redaction.mesurer()
    elif "attaques" in choix.mesures:
        _attaquer(choix.seulement)
    elif "charger" in choix.mesures:
        _charger(choix.petition, choix.signatures, choix.communes)
    else:
        _mesurer(set(choix.mesures) or set(MESURES), choix)


def _lire() -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    analyseur.add_argument("mesures", nargs="*", metavar="mesure", help=f"{', '.join(MESURES)}, ou charger")
    analyseur.add_argument("--rapide", action="store_true", help="100 000 signatures au plus, un tour court")
    analyseur.add_argument(
        "--seulement", default="", help="attaques : celles dont le nom a ces mots (expression)"
    )
    analyseur.add_argument("--petition", help="charger : référence de la pétition")
    analyseur.add_argument("--signatures", type=int, default=1500, help="charger : combien (1500)")
    analyseur.add_argument("--communes", type=int, default=20, help="charger : de combien de communes (20)")
    analyseur.add_argument(
        "--volumes", nargs="*", default=[], metavar="nom=nombre", help="croissance : combien de quoi"
    )
    analyseur.add_argument("--dossier", type=Path, help="croissance : où garder la base, remplie une fois")
    analyseur.add_argument(
        "--pages",
        default="",
        help="croissance : celles dont l’adresse a l’un de ces mots, séparés par des virgules",
    )
    analyseur.add_argument(
        "--instances", type=Path, help="tirage : dossier des instances « metropole_600_60 »"
    )
    analyseur.add_argument("--sans-temoin", action="store_true", help="tirage : sans la bibliothèque témoin")
    analyseur.add_argument(
        "--temoin-secondes", type=int, default=120, help="tirage : ce que la bibliothèque témoin a au plus"
    )
    choix = analyseur.parse_args()
    inconnues = set(choix.mesures) - {*MESURES, "charger", "attaques", "croissance", "redaction"}
    if inconnues:
        analyseur.error(f"mesure inconnue : {', '.join(sorted(inconnues))}")
    if "charger" in choix.mesures and not choix.petition:
        analyseur.error("charger demande --petition, par exemple --petition PET-2026-0005")
    if choix.signatures < 1 or not 1 <= choix.communes <= 49:
        analyseur.error("--signatures : 1 au moins ; --communes : de 1 à 49")
    return choix


def _charger(reference: str, signatures: int, communes: int) -> None:
    """Add signatures to the site that runs (its database is in run.json), or to DATABASE_URL."""
    donnees = Path(os.environ.get("DOSSIER_DONNEES") or RACINE / ".data")
    if not os.environ.get("DATABASE_URL"):
        try:
            os.environ.update(json.loads((donnees / "run.json").read_text())["env"])
        except (OSError, ValueError, KeyError):
            sys.exit(
                "Le site ne tourne pas : lancez « make run » dans une autre fenêtre, ou donnez DATABASE_URL."
            )
    django.setup()
    from django.utils import timezone

    from bench.donnees.signatures import inserer
    from petitions.models import Petition
    from petitions.workflow import Etat

    petition = Petition.objects.filter(reference=reference).first()
    if petition is None:
        ouvertes = Petition.objects.filter(etat=Etat.EN_COLLECTE).order_by("pk")
        connues = "\n".join(f"  {ouverte.reference}  {ouverte.titre}" for ouverte in ouvertes)
        sys.exit(f"Aucune pétition {reference}. En collecte :\n{connues}")
    # Spread over the time since the opening: a threshold reached in a minute would wait for an agent.
    depuis = timezone.now() - petition.collecte_ouverte_le if petition.collecte_ouverte_le else timedelta()
    inserer(petition.pk, nombre=signatures, communes=communes, jours=depuis / timedelta(days=1))
    print(f"{signatures} signatures de {communes} communes ajoutées à {petition}.")
    if petition.etat == Etat.EN_COLLECTE:
        print("Le décompte et les seuils suivent en quelques secondes.")
    else:
        print(f"Elle n’est plus en collecte ({petition.get_etat_display()}) : aucun seuil ne sera constaté.")


def _attaquer(seulement: str) -> None:
    """Replay the attacks on a copy of the site, with its own database, gunicorn and nginx.

    Periodic tasks are run in this process.
    """
    from bench.serveurs import banc, gunicorn

    with banc() as lance:
        os.environ.update(
            lance.env,
            # Name of the site in the configuration of nginx.
            ALLOWED_HOSTS="127.0.0.1,localhost,participation.example.org",
            SMS_BACKEND="participation.socle.courriels.sms.Puits",  # SMS are on, and none is sent
        )
        django.setup()
        from bench.attaques.rejeu import rejouer

        with gunicorn(lance, "participation.wsgi", "/petitions/") as (port, _):
            toutes_echouent = rejouer(port, lance.dossier, seulement)
        django.db.connection.close()
    sys.exit(0 if toutes_echouent else 1)


def _mesurer(mesures: set[str], choix: argparse.Namespace) -> None:
    from bench.serveurs import banc, charge_machine

    rapide: bool = choix.rapide
    volumes, duree, tours = ([0, 100_000], 3.0, 1) if rapide else ([0, 100_000, 1_000_000], 3.0, 3)
    with banc() as lance:
        os.environ.update(lance.env)
        django.setup()
        from bench import seance, taches, web
        from bench.donnees.signatures import petition_ouverte

        print(
            f"{os.cpu_count()} cœurs, {charge_machine()} ; chaque chiffre est la médiane de {tours} tour(s)."
        )
        if mesures & {"signer", "page"}:
            petition = web.mesurer(lance, volumes, duree, tours, mesures)
        elif mesures & {"compter", "export", "pseudonymiser"}:
            petition = petition_ouverte()
        if "seance" in mesures:
            seance.mesurer(lance, 15.0 if rapide else 60.0)
        if "compter" in mesures:
            taches.compter(petition, volumes[-1])
        if "export" in mesures:
            taches.export(lance, petition, volumes[-1])
        if "pseudonymiser" in mesures:
            taches.pseudonymiser(lance, petition, volumes[-1], duree)
        if "listes" in mesures:
            from bench import listes

            listes.mesurer(rapide=rapide)
        if "remontees" in mesures:
            from bench import remontees

            remontees.mesurer(rapide=rapide)
        if "dauphin" in mesures:
            from bench import dauphin

            dauphin.mesurer(rapide=rapide)
        if "comites" in mesures:
            from bench import comites

            comites.mesurer(rapide=rapide)
        if "quartiers" in mesures:
            from bench import quartiers

            quartiers.mesurer(rapide=rapide)
        if "vote" in mesures:
            from bench import vote

            vote.mesurer(lance, duree, tours)
        if "tirage" in mesures:
            from bench import tirage

            tirage.mesurer(
                choix.instances,
                bibliotheque=not choix.sans_temoin,
                au_plus=choix.temoin_secondes,
                rapide=rapide,
            )
        if "proces_verbal" in mesures:
            from bench import proces_verbal

            proces_verbal.mesurer(tours=1 if rapide else 3)
        django.db.connection.close()


if __name__ == "__main__":
    main()
