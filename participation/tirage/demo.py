"""Two draws of the demonstration: a panel drawn last month, with a replacement, and a rehearsal in preparation."""

from participation.socle.management.scene import Scene
from participation.tirage import pertes, quotas, salle
from participation.tirage.models import Tirage, Volontaire
from participation.tirage.regles import Perte
from participation.tirage.selection import actes as selection
from participation.tirage.volontaires import actes as volontaires

QUOTAS = """Genre ; Femme ; 8 ; 9 ; 52
Genre ; Homme ; 7 ; 8 ; 48
Âge ; 16 à 29 ans ; 3 ; 4 ; 22
Âge ; 30 à 59 ans ; 7 ; 9 ; 49
Âge ; 60 ans et plus ; 4 ; 5 ; 29
Secteur ; Ville-centre ; 5 ; 6 ; 35
Secteur ; Première couronne ; 6 ; 8 ; 43
Secteur ; Deuxième couronne et rural ; 3 ; 4 ; 22
Quartier prioritaire ; oui ; 3 ; 4 ; 20
Quartier prioritaire ; non ; 12 ; 13 ; 80"""
VALEURS = {
    "Genre": ("Femme", "Homme"),
    "Âge": ("16 à 29 ans", "30 à 59 ans", "60 ans et plus"),
    "Secteur": ("Ville-centre", "Première couronne", "Deuxième couronne et rural"),
    "Quartier prioritaire": ("oui", "non"),
}
# Who volunteers is not who lives here: fewer young people, fewer from the priority quartiers.
POIDS = {"Genre": (48, 52), "Âge": (12, 48, 40), "Secteur": (44, 40, 16), "Quartier prioritaire": (9, 91)}
PRENOMS = ("Lina", "Hugo", "Awa", "Malik", "Jeanne", "Thomas", "Inès", "Paulo", "Claire", "Nassim")
NOMS = ("Essai", "Modèle", "Exemple", "Fictif", "Inventé")


class Panels(Scene):
    def jouer(self) -> None:
        self._tire()
        self._en_preparation()

    def _tire(self) -> None:
        with self.le(-75):
            tirage = self._preparer("Panel citoyen sur l’eau", -60, -40, combien=140)
        with self.le(-66):
            taux = [Perte("", "", 10.0, 4.0), Perte("Âge", "16 à 29 ans", 20.0, 6.0)]
            pertes.prevoir_pertes(self._relire(tirage), par=self.agent, seances=4, pertes=taux)
        with self.le(-65):
            volontaires.figer(self._relire(tirage), par=self.agent)
        with self.le(-60, 19):
            chiffres = "-".join(str(self.hasard.randrange(10)) for _ in range(12))
            texte = f"boules:{self.jour(-60).isoformat()}:{chiffres}"
            volontaires.semer(self._relire(tirage), par=self.agent, texte_graine=texte)
            selection.calculer(self._relire(tirage), par=self.agent)
            selection.faire_calcul(tirage.pk)
        with self.le(-50):
            selection.publier_panels(self._relire(tirage), par=self.agent)
        with self.le(-40, 18):
            selection.tirer(self._relire(tirage), par=self.agent, boules=self.hasard.randrange(1000))
            salle.preparer_pv(self._relire(tirage), par=self.agent)
        with self.le(-33):
            partants = list(tirage.volontaires.assis()[:2])
            selection.noter_renoncements(self._relire(tirage), par=self.agent, numeros=partants)

    def _en_preparation(self) -> None:
        with self.le(-6):
            self._preparer("Répétition : panel sur les mobilités", 20, 34, combien=60, est_repetition=True)

    def _preparer(
        self, titre: str, graine: int, tirage: int, *, combien: int, est_repetition: bool = False
    ) -> Tirage:
        prepare = quotas.preparer_tirage(
            par=self.agent,
            titre=titre,
            objet="Seize personnes qui ressemblent à la population travaillent trois week-ends, puis écrivent leurs recommandations.",
            places=16,
            est_repetition=est_repetition,
            date_graine=self.jour(graine),
            precision_source="Douze boules, dans le hall de la Métropole, à 18 heures.",
            repli="Les numéros du Loto du samedi qui suit.",
            tirage_le=self.heure(tirage, 17, 30),
            lieu="salle du conseil, 3 rue Malakoff",
        )
        quotas.regler_quotas(
            prepare,
            par=self.agent,
            quotas=quotas.lire_quotas(QUOTAS, prepare.places),
            source_parts="parts inventées pour la démonstration",
        )
        Volontaire.objects.bulk_create(self._personne(prepare, rang) for rang in range(combien))
        return prepare

    def _personne(self, tirage: Tirage, rang: int) -> Volontaire:
        profil = {c: self.hasard.choices(VALEURS[c], weights=POIDS[c])[0] for c in VALEURS}
        return Volontaire(
            tirage=tirage,
            nom=f"{self.hasard.choice(PRENOMS)} {self.hasard.choice(NOMS)}-{rang + 1}",
            courriel=f"volontaire{rang + 1}@example.org",
            telephone="04 00 00 00 00",
            foyer=f"{rang // 2 + 1} rue de l’Exemple" if rang % 10 < 2 else "",
            profil=profil,
        )

    def _relire(self, tirage: Tirage) -> Tirage:
        return Tirage.objects.get(pk=tirage.pk)


def jouer() -> None:
    Panels().jouer()
