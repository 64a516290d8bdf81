"""Rencontres of the demonstration: one that is open, one held and harvested. The people are invented."""

from typing import Any

from participation.inscriptions import actes as inscriptions
from participation.rencontres import preparation, tables
from participation.rencontres.deroule import actes as deroule
from participation.rencontres.models import Format, Groupe, Inscription, Rencontre
from participation.rencontres.models.manques import libres
from participation.rencontres.recolte import actes as recolte
from participation.socle.management.scene import DOMAINE, Scene

ACCES = "Tram, arrêt devant la porte. Entrée de plain-pied, boucle magnétique à l’accueil. Garde d’enfants sur demande."
BLOCS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("Accueil", 15, {"qui": "Sami accueille, Inès donne les badges", "materiel": "Badges, café"}),
    ("Pourquoi nous sommes là", 10, {"qui": "Sami", "au_moins": 5}),
    ("Premier tour de table", 25, {"consignes": "Une question. Personne ne coupe la parole.", "materiel": "Nappes, feutres"}),
    ("Deuxième tour de table", 25, {"au_moins": 20}),
    ("Pause", 10, {"peut_sauter": True}),
    ("Ce que disent les tables", 25, {"qui": "Inès", "au_moins": 20}),
    ("Régie : photos des nappes", 5, {"est_public": False, "peut_sauter": True}),
    ("La suite, et au revoir", 5, {}),
)  # fmt: skip
NOTES = (
    "Des bancs à l’ombre, avec un dossier", "Un banc tous les cent mètres vers l’école", "Les bancs d’aujourd’hui sont au soleil",
    "Une fontaine près des jeux", "La fontaine ne marche plus depuis l’été", "Le bus du soir s’arrête trop tôt",
    "Le dernier bus part avant la fin du cinéma",
)  # fmt: skip
PRENOMS = (
    "Lina",
    "Hugo",
    "Awa",
    "Malik",
    "Jeanne",
    "Thomas",
    "Inès",
    "Paulo",
    "Claire",
    "Nassim",
    "Rose",
    "Karim",
)


class Rencontres(Scene):
    def jouer(self) -> None:
        ouverte = self._preparer("Une place à l’ombre : que planter, où s’asseoir ?", 18, 24, -12)
        self._inscrire(ouverte, 11)
        tenue = self._preparer("Bien vieillir dans le quartier", -9, 40, -40)
        self._recolter(tenue)

    def _preparer(self, titre: str, jours: int, places: int, prepare: int) -> Rencontre:
        with self.le(prepare):
            rencontre = preparation.preparer_rencontre(
                Rencontre(),
                par=self.agent,
                titre=titre,
                but="Dire ce qui manque et par quoi commencer. Ce qui est retenu est demandé aux directions, avec une réponse publique.",
                debut=self.heure(jours, 18),
                fin=self.heure(jours, 20),
                lieu="Maison des habitants",
                adresse="1 place d’exemple",
                acces=ACCES,
                places=places,
                date_limite=self.jour(jours - 2),
                format=Format.objects.order_by("pk").first(),
            )
            for rang, (nom, minutes, autres) in enumerate(BLOCS, 1):
                deroule.ajouter_bloc(
                    rencontre, par=self.agent, rang=rang, titre=nom, minutes=minutes, **autres
                )
            for nom, role in (("Sami Essai", "garde le temps"), ("Inès Modèle", "anime la plénière")):
                preparation.ajouter_animateur(rencontre, par=self.agent, nom=nom, role=role)
            preparation.ouvrir_inscriptions(rencontre, par=self.agent)
        return rencontre

    def _inscrire(self, rencontre: Rencontre, combien: int) -> list[Inscription]:
        besoins: tuple[dict[str, Any], ...] = (
            {"besoins": ["garde"], "enfants": 2}, {"besoins": ["lsf"]}, {"besoins": ["interprete"], "langue": "arabe"}, {}, {},
        )  # fmt: skip
        faites = []
        for rang in range(combien):
            courriel = f"rencontre{rencontre.pk}.{rang}@{DOMAINE}" if rang % 3 else ""
            nom = f"{PRENOMS[rang % len(PRENOMS)]} Essai"
            autres = besoins[rang % len(besoins)]
            faites.append(inscriptions.inscrire(rencontre, par=self.agent, nom=nom, courriel=courriel, canal="papier", **autres))  # fmt: skip
        return faites

    def _recolter(self, rencontre: Rencontre) -> None:
        with self.le(-20):
            venues = self._inscrire(rencontre, 12)
        with self.le(-9, 18):
            for inscription in venues[:10]:
                inscriptions.noter_presence(inscription, par=self.agent)
            tables.dresser_tables(rencontre, par=self.agent, tables=3, tours=2)
            siennes = list(rencontre.tables.order_by("numero"))
            for rang, texte in enumerate(NOTES):
                recolte.noter(siennes[rang % 3], par=None, texte=texte)
            bancs = self._grouper(rencontre, "banc", "Des bancs à l’ombre")
            fontaine = self._grouper(rencontre, "fontaine", "La fontaine des jeux")
            bus = self._grouper(rencontre, "bus", "Le bus du soir")
            for rang, inscription in enumerate(venues[:10]):
                recolte.coller_gommettes(inscription, groupes=[bancs.pk, (bus if rang % 2 else fontaine).pk])
        with self.le(-7):
            preparation.tenir_rencontre(rencontre, par=self.agent)
            direction = next(iter(self.directions.values()))
            recolte.demander_a_une_direction(bancs, par=self.agent, direction=direction)
            recolte.repondre_au_groupe(
                fontaine, par=self.agent, reponse="La pompe est commandée ; elle sera posée avant l’été."
            )
            for parole, suite in ((4, 3), (4, 4), (3, 3), (2, 3)):
                recolte.saisir_evaluation(rencontre, par=self.agent, parole=str(parole), suite=str(suite))

    def _grouper(self, rencontre: Rencontre, mot: str, titre: str) -> Groupe:
        notes = [
            str(pk) for pk in libres(rencontre).filter(texte__icontains=mot).values_list("pk", flat=True)
        ]
        return recolte.grouper_notes(rencontre, par=self.agent, notes=notes, titre=titre)


def jouer() -> None:
    Rencontres().jouer()
