"""`python -m bench` measures everything; `python -m bench signer page --rapide` a part, less long.

`python -m bench charger --petition PET-2026-0001 --signatures 1500 --communes 20` adds signatures to the pétition of a running
site (DATABASE_URL): the site counts them within seconds.
"""

import argparse
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
MESURES = ("signer", "page", "compter", "export", "pseudonymiser")


def main() -> None:
    if sys.argv[1:2] == ["_export"]:
        _demarrer()
        from bench.mesures import exporter

        exporter(int(sys.argv[2]))
        return
    analyseur = argparse.ArgumentParser(prog="bench", description=__doc__)
    analyseur.add_argument("mesures", nargs="*", metavar="mesure", help=f"{', '.join(MESURES)}, ou charger")
    analyseur.add_argument("--rapide", action="store_true", help="moins de signatures, moins longtemps")
    analyseur.add_argument("--petition", help="charger : référence de la pétition")
    analyseur.add_argument("--signatures", type=int, default=1500)
    analyseur.add_argument("--communes", type=int, default=20)
    choix = analyseur.parse_args()
    inconnues = set(choix.mesures) - {*MESURES, "charger"}
    if inconnues:
        analyseur.error(f"mesure inconnue : {', '.join(inconnues)}")
    if "charger" in choix.mesures:
        _charger(choix, analyseur)
    else:
        _mesurer(set(choix.mesures) or set(MESURES), rapide=choix.rapide)


def _demarrer() -> None:
    import django

    django.setup()


def _charger(choix: argparse.Namespace, analyseur: argparse.ArgumentParser) -> None:
    if not choix.petition:
        analyseur.error("charger demande --petition PET-…")
    _demarrer()
    from bench.donnees import inserer
    from petitions.models import Petition

    petition = Petition.objects.get(reference=choix.petition)
    inserer(petition.pk, nombre=choix.signatures, communes=choix.communes, jours=1)
    print(f"{choix.signatures} signatures ajoutées à {petition}. Le décompte suit dans les dix secondes.")


def _mesurer(mesures: set[str], *, rapide: bool) -> None:
    from bench.serveurs import banc

    volumes, duree = ([0, 100_000], 4.0) if rapide else ([0, 100_000, 1_000_000], 8.0)
    with banc() as lance:
        os.environ.update(lance.env)
        _demarrer()
        from bench import mesures as m

        print(m.charge_machine())
        petition = (
            m.http(lance, volumes, duree, avec=mesures)
            if mesures & {"signer", "page"}
            else m.petition_ouverte()
        )
        if "compter" in mesures:
            m.compter(petition, volumes[-1])
        if "export" in mesures:
            m.export(lance, petition, volumes[-1])
        if "pseudonymiser" in mesures:
            m.pseudonymiser(lance, petition, volumes[-1], duree)
        from django.db import connection

        connection.close()


if __name__ == "__main__":
    main()
