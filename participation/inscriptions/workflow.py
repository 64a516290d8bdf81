"""États and acts of a registration: the same rows in the table of acts of every event."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.socle.workflow import Role, Table, Transition, etats


class EtatInscription(TextChoices):
    A_CONFIRMER = "a_confirmer", "adresse à confirmer"
    INSCRITE = "inscrite", "place réservée"
    ATTENTE = "attente", "en liste d’attente"
    OFFERTE = "offerte", "place proposée"
    ANNULEE = "annulee", "inscription annulée"
    # What the version before this one writes for « à confirmer » at a forum: read alike, written no more.
    RENDUE = "rendue", "adresse à confirmer"


class Besoin(TextChoices):
    """What somebody needs in order to come. A detail gives the language, or the number of children."""

    INTERPRETE = "interprete", _("un interprète")
    LSF = "lsf", _("la langue des signes")
    GARDE = "garde", _("une garde d’enfants")
    TRANSPORT = "transport", _("un transport")
    BOUCLE = "boucle", _("une boucle magnétique")
    FAUTEUIL = "fauteuil", _("une place pour un fauteuil roulant")
    AUTRE = "autre", _("autre chose")


class Canal(TextChoices):
    WEB = "web", "en ligne"
    TELEPHONE = "telephone", "par téléphone"
    PAPIER = "papier", "sur papier"
    PORTE = "porte", "à l’entrée"


E = EtatInscription
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
ACCUEIL = frozenset({Role.AGENT, Role.ACCUEIL})
# No account: a signed link, the public page, a periodic task.
SYSTEME = frozenset({Role.SYSTEME})
# Neither seat nor rank.
NON_PROUVEES = etats(E.A_CONFIRMER, E.RENDUE)
# They hold a seat: one that is offered too, until it is taken or lapses.
ASSISES = etats(E.INSCRITE, E.OFFERTE)
VIVANTES = ASSISES | {E.ATTENTE}


def transitions(
    sur: str, *, a_venir: frozenset[str], accueillent: frozenset[str], finis: frozenset[str]
) -> Table:
    """Return the acts on the registrations of an event. `sur`: the name of their model.

    `a_venir`: its états where seats are given; `accueillent`: where presences are noted; `finis`: where who was
    registered may be erased.
    """
    # fmt: off
    return {
        "inscrire": Transition(a_venir, RIEN, ACCUEIL | SYSTEME, "Inscrire une personne", "Personne inscrite", par_lien=True),
        "confirmer_inscription": Transition(a_venir, RIEN, SYSTEME, "Confirmer mon inscription", "Adresse confirmée", sur=sur, par_lien=True),
        "proposer_place": Transition(a_venir, RIEN, SYSTEME, "Proposer une place", "Place proposée", sur=sur),
        "accepter_place": Transition(a_venir, RIEN, ACCUEIL | SYSTEME, "Accepter la place", "Place acceptée", sur=sur, par_lien=True),
        "annuler_inscription": Transition(a_venir, RIEN, ACCUEIL | SYSTEME, "Annuler l’inscription", "Inscription annulée", sur=sur, par_lien=True),
        "noter_presence": Transition(accueillent, RIEN, ACCUEIL, "Noter la présence", "Présence notée", sur=sur, condition="participation.inscriptions.lectures.avant_le_jour"),
        "effacer_presence": Transition(accueillent, RIEN, ACCUEIL, "Effacer la présence", "Présence effacée", sur=sur),
        "effacer_inscription": Transition(a_venir | accueillent | finis, RIEN, AGENT, "Effacer cette inscription", "Inscription effacée", "RGPD", sur=sur, est_dangereux=True),
        "effacer_inscrits": Transition(finis, RIEN, AGENT, "Effacer qui était inscrit", "Coordonnées des inscrits effacées", "RGPD", est_dangereux=True, si_possible=True, condition="participation.inscriptions.lectures.rien_a_effacer"),
    }
    # fmt: on
