"""Demonstration: the current mandature of the commission, and the former one."""

from ccspl.demo.troupe import Troupe
from participation.seances.instances.actes import installer
from participation.seances.membres.fins import mettre_fin
from participation.seances.models import Mandature, Membre

# Members with an account to sign in.
MEMBRES = {"Perrin-Bey": "membre", "Ziani": "membre2"}


def ancienne_mandature(t: Troupe) -> None:
    """Create the former mandature, ended two years ago, in which habitants did not vote."""
    with t.le(-1500):
        mandature = Mandature.objects.create(
            instance=t.ccspl,
            intitule="Mandature précédente",
            debut=t.jour(-1500),
            fin=t.jour(-731),
            installee_le=t.jour(-1490),
        )
        elus, associations, habitants = t.colleges(mandature, (3, 4, 3), None)
        for (prenom, nom, cle, groupe, *_), (a_prenom, a_nom, asso, *_), (
            h_prenom,
            h_nom,
            commune,
            *_,
        ) in zip(
            t.donnees["elus"][:3], t.donnees["associations"][:3], t.donnees["habitants"][:3], strict=True
        ):
            t.membre(elus, t.jour(-1500), t.personne(prenom, nom, cle), organisme=groupe)
            t.membre(associations, t.jour(-1500), t.personne(a_prenom, a_nom), organisme=asso)
            t.membre(
                habitants,
                t.jour(-1500),
                t.personne(h_prenom, h_nom, MEMBRES.get(h_nom, "")),
                commune=t.communes[commune],
            )


def installer_mandature(t: Troupe) -> Mandature:
    d = t.donnees
    debut, fin = t.jour(-730), t.jour(170)
    with t.le(-735):
        mandature = Mandature.objects.create(
            instance=t.ccspl,
            intitule=f"{debut.year}-{fin.year}",
            debut=debut,
            fin=fin,
            deliberation="Délibération n° 8",
        )
        elus, associations, habitants = t.colleges(mandature, (7, 20, 20), t.jour(-650))
        qualites = Membre.Fonction
        fonctions = {
            "Orsini": qualites.PRESIDENT,
            "Collomb": qualites.COPRESIDENT,
            "Renaud": qualites.COPRESIDENT,
            "Perrin-Bey": qualites.DELEGUE,
        }
        titulaires: dict[str, Membre] = {}
        for prenom, nom, cle, groupe, commune, genre, age in d["elus"]:
            titulaires[groupe] = t.membre(
                elus, debut, t.personne(prenom, nom, cle), organisme=groupe, commune=t.communes[commune],
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )  # fmt: skip
            t.profil(titulaires[groupe], genre, age, publie_commune=True)
        for prenom, nom, asso, genre, age in d["associations"]:
            titulaires[asso] = t.membre(
                associations,
                debut,
                t.personne(prenom, nom),
                organisme=asso,
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )
            t.profil(titulaires[asso], genre, age, partage_courriel=True)
        for prenom, nom, commune, genre, age in d["habitants"]:
            membre = t.membre(
                habitants,
                debut,
                t.personne(prenom, nom, MEMBRES.get(nom, "")),
                commune=t.communes[commune],
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )
            t.profil(membre, genre, age, publie_commune=True, partage_courriel=nom < "N")
        for college, suppleants in (
            (elus, d["suppleants_elus"]),
            (associations, d["suppleants_associations"]),
        ):
            for prenom, nom, organisme in suppleants:
                t.membre(
                    college, debut, t.personne(prenom, nom), organisme=organisme,
                    rang=Membre.Rang.SUPPLEANT, suppleant_de=titulaires[organisme],
                )  # fmt: skip
    with t.le(-720):
        installer(mandature, par=t.agent, le=t.jour(-720))
    with t.le(-90):
        partante = Membre.objects.en_fonction().get(compte__nom="Nave", college=habitants)
        mettre_fin(partante, par=t.agent, au=t.jour(-85), motif="Déménage hors de la Métropole.")
    return mandature
