"""Temps forts of the Agora of the demonstration: one held, a remark still owed its answer; one prepared. Invented."""

from participation.engagements.models import Collectif, Proposition, TempsFort
from participation.engagements.temps_forts import actes
from participation.rencontres.preparation import ouvrir_inscriptions, tenir_rencontre
from participation.socle.management.scene import Scene

FACILE = {
    "titre": [("", "Dire en images comment acheter un ticket")],
    "texte": [("", "Nous voulons des images.\nLes images montrent comment acheter un ticket.")],
    "retour": [("coche", "Oui.\nNous le faisons avec vous.")],
}
ARABE = {
    "titre": [("", "شرح شراء تذكرة بالصور")],
    "texte": [("", "نريد صوراً تشرح كيف نشتري تذكرة.")],
    "retour": [("", "نعم. سنفعل ذلك معكم.")],
}


class TempsForts(Scene):
    def jouer(self) -> None:
        agora = Collectif.objects.get(cle="agora")
        premiere = Proposition.objects.get(collectif=agora, numero="1")
        for langue, dits in (("falc", FACILE), ("ar", ARABE)):
            with self.le(-50):
                self.traduire(premiere, langue, dits)
        tenu = self._preparer(agora, "Un an après : où en sont vos propositions", -30)
        with self.le(-29):
            for tache in tenu.taches.all():
                actes.faire_tache(tache, par=self.agent)
            tenir_rencontre(tenu.reunion, par=self.agent)
            actes.tenir_temps_fort(tenu, par=self.agent)
            dite = actes.noter_remarque(
                tenu, par=self.agent, proposition=premiere, texte="Les images sont affichées à la gare, pas dans les quartiers."
            )  # fmt: skip
            actes.noter_remarque(
                tenu, par=self.agent, texte="Qui nous prévient quand une direction change d’avis ?"
            )
        with self.le(-20):
            actes.repondre_remarque(
                dite,
                par=self.agent,
                reponse="Vous avez raison. Trois arrêts de plus sont équipés avant l’été.",
            )
        prevu = self._preparer(agora, "Deux ans après : ce qui reste à faire", 40)
        with self.le(-1):
            for tache in prevu.taches.filter(date_limite__lte=self.jour(0)) | prevu.taches.filter(
                libelle__startswith="Inviter"
            ):
                actes.faire_tache(tache, par=self.agent)

    def _preparer(self, agora: Collectif, titre: str, jours: int) -> TempsFort:
        with self.le(jours - 70):
            temps_fort = actes.preparer_temps_fort(
                TempsFort(),
                par=self.agent,
                collectif=agora,
                titre=titre,
                but="Dire ce qui est fait, ce qui ne l’est pas, et pourquoi. Entendre ce que vous en pensez.",
                debut=self.heure(jours, 18),
                fin=self.heure(jours, 20),
                lieu="Maison du territoire",
                adresse="1 place d’exemple",
                acces="Tram, arrêt devant la porte. Entrée de plain-pied, boucle magnétique à l’accueil.",
                places=80,
                date_limite=self.jour(jours - 2),
            )
        with self.le(jours - 45):
            ouvrir_inscriptions(temps_fort.reunion, par=self.agent)
            actes.inviter_temps_fort(temps_fort, par=self.agent)
        return temps_fort
