"""The life of a suite: what was promised after a voice was heard."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur


class Etat(TextChoices):
    RECUE = "recue", "reçue"
    A_L_ETUDE = "a_l_etude", "à l’étude"
    SUIVIE = "suivie", "suivie"
    SUIVIE_EN_PARTIE = "suivie_en_partie", "suivie en partie"
    NON_SUIVIE = "non_suivie", "non suivie"
    HORS_COMPETENCE = "hors_competence", "hors de la compétence de la Métropole"
    REALISEE = "realisee", "réalisée"


ARRIVEES: dict[str, frozenset[str]] = {
    Etat.RECUE: frozenset(
        {Etat.A_L_ETUDE, Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE}
    ),
    Etat.A_L_ETUDE: frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE}),
    Etat.SUIVIE: frozenset({Etat.REALISEE, Etat.SUIVIE_EN_PARTIE}),
    Etat.SUIVIE_EN_PARTIE: frozenset({Etat.REALISEE, Etat.SUIVIE}),
    Etat.NON_SUIVIE: frozenset({Etat.A_L_ETUDE}),
    Etat.HORS_COMPETENCE: frozenset(),
    Etat.REALISEE: frozenset(),
}
# A reason is owed to the public for these.
MOTIVES = frozenset({Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE})
# An answer to who spoke: the delays are measured to the first of these.
REPONSES = frozenset(
    {Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.REALISEE}
)
# Something is still to be done after these: a day may be given for it.
A_REALISER = frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE})
ABOUTIS = frozenset({Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.REALISEE})

APPARENCES: dict[str, Apparence] = {
    Etat.RECUE: Apparence(Couleur.INFO, "horloge"),
    Etat.A_L_ETUDE: Apparence(Couleur.ACCENT, "rond"),
    Etat.SUIVIE: Apparence(Couleur.ACCENT, "suites"),
    Etat.SUIVIE_EN_PARTIE: Apparence(Couleur.INFO, "info"),
    Etat.NON_SUIVIE: Apparence(Couleur.NEUTRE, "croix"),
    Etat.HORS_COMPETENCE: Apparence(Couleur.NEUTRE, "lien"),
    Etat.REALISEE: Apparence(Couleur.SUCCES, "coche"),
}
