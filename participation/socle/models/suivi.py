"""What is followed: it moves through the états of a table of acts, and keeps a journal that nobody can change."""

from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.relus import Relu
from participation.socle.workflow import Apparence, Role, Table, Transition

S = TypeVar("S", bound="Suivi", covariant=True)


class Suivi(Relu):
    """Whatever has acts: a dossier, a séance, a campaign, a suite, an instance.

    A child gives its table, its appearances, a column `etat` if it has any, and a journal (`related_name="journal"`).
    """

    TRANSITIONS: ClassVar[Table] = {}
    APPARENCES: ClassVar[dict[str, Apparence]] = {}
    # « la séance », for the sentence of a refusal.
    SUJET: ClassVar[str]

    journal: Any

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def enfant(self) -> "Suivi":
        """The row that has the table and the état; a dossier's is its app's own."""
        return self

    @property
    def porteur(self) -> "Suivi":
        """In whose journal its acts are written."""
        return self

    @property
    def domaine(self) -> str:
        """Label of the app whose accent its pages wear."""
        return str(self._meta.app_label)

    @property
    def etat_actuel(self) -> str:
        return str(getattr(self.enfant, "etat", ""))

    @property
    def libelle_etat(self) -> str:
        return str(getattr(self.enfant, "get_etat_display", lambda: "")())

    @property
    def apparence(self) -> Apparence:
        return self.enfant.APPARENCES[self.etat_actuel]

    @property
    def fil(self) -> list[tuple[str, str]]:
        """The way to its page, its page included: words and addresses."""
        return [(str(self), self.get_absolute_url())]

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        """The way to the page of who bears it, for whom the back office is closed; empty: `fil` is for everybody."""
        return []

    @property
    def nom_court(self) -> str:
        """For the title of a window."""
        return str(self)

    @property
    def designation(self) -> str:
        """What the page of an act says it is about, under its title."""
        return str(self)

    def mots_de_suite(self) -> dict[str, str]:
        """Values for the sentences of `Apparence`; children add theirs."""
        return {}

    def roles_pour_dire(self, compte: Compte | None) -> frozenset[str]:
        """In what qualities something may wait for her here. Children add hers on its parts."""
        return self.roles_de(compte)

    def a_faire(self, role: str, compte: Compte | None) -> str:
        """What waits for who acts in this quality: the sentence of the état; children leave out what is done."""
        return self.apparence.pour.get(role, "")

    def marque(self) -> dict[str, Any]:
        """What moves on its row with each line of the journal: values or expressions."""
        return {}

    @property
    def cites(self) -> dict[str, models.Model]:
        """What else the lines of its journal point to, by the name of the column."""
        return {}

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """In what qualities `compte` may act on it, or on its part `sur`; nobody (the clock, a signed link) acts as the system."""
        return compte.roles if compte is not None else frozenset({Role.SYSTEME})

    @classmethod
    def acte(cls, acte: str) -> Transition:
        """The row of the table. Raises KeyError: an act outside the table is a mistake of the code."""
        return cls.TRANSITIONS[acte]

    def transition(self, acte: str) -> Transition:
        return type(self.enfant).acte(acte)

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        """RoleInsuffisant or ActeInterdit when this is not for `par`, or not from here; children add their own. No writing."""
        transition = self.transition(acte)
        if not transition.par & self.enfant.roles_de(par, sur):
            return RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
        if not transition.part_de(self.etat_actuel):
            return ActeInterdit(
                f"« {transition.libelle} » n’est plus possible : {self.SUJET} est « {self.libelle_etat} »."
            )
        return sur.refus(acte, par) if isinstance(sur, Partie) else None

    def manques(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        """What other rows say must come first, in sentences. Children override it; ask `obstacles`."""
        return sur.manques(acte, par) if isinstance(sur, Partie) else []

    def obstacles(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        """Why `par` may not do it now, in sentences; empty when she may. Raised by `exiger`, shown by the page of the act."""
        refus = self.enfant.refus(acte, par, sur)
        return [refus.message] if refus else self.enfant.manques(acte, par, sur)

    def permet(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> bool:
        """Is there such an arrow from here, and may this person follow it? What is missing first is `obstacles`."""
        return self.enfant.refus(acte, par, sur) is None

    def actes_permis_a(self, compte: Compte | None, sur: "Partie | None" = None) -> list[str]:
        """Acts whose buttons are shown to `compte`, in the order of the table: its own, or those on its part `sur`."""
        nom = sur._meta.model_name if sur is not None else ""
        return [
            acte
            for acte, transition in self.enfant.TRANSITIONS.items()
            if transition.sur == nom
            and self.permet(acte, compte, sur)
            and not (transition.si_possible and self.obstacles(acte, compte, sur))
        ]


class PortePar(Generic[S]):
    """`suivi = PortePar[Seance]("point.seance")`: the way from a part to what bears it."""

    def __init__(self, chemin: str) -> None:
        self.lire = attrgetter(chemin)

    def __get__(self, partie: Any, modele: type[Any] | None = None) -> S:
        return self.lire(partie) if partie is not None else self  # type: ignore[return-value]  # on the class, itself


class Partie(Relu):
    """A part that has no life of its own: acts on it are acts of the `Suivi` that bears it.

    It adds what it alone knows: `refus` (once the table allows the act), `manques`.
    """

    class Meta:
        abstract = True

    suivi: "PortePar[Suivi]"

    @property
    def fil(self) -> list[tuple[str, str]]:
        return self.suivi.enfant.fil

    @property
    def designation(self) -> str:
        return str(self)

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        """What `compte` is to this part: its author, its member. For the `roles_de` of what bears it."""
        return frozenset()

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        """What the part itself refuses, once the table opens the act: it is closed, or not for `par`. Children override it."""
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        """What must come first on this part, in sentences. Children override it."""
        return []

    def permet(self, acte: str, par: Compte | None) -> bool:
        return self.suivi.permet(acte, par, self)

    def actes_permis_a(self, compte: Compte | None) -> list[str]:
        return self.suivi.actes_permis_a(compte, self)


class LigneDeJournal(models.Model):
    """What was done, by whom, when. Each journal adds what it hangs on (`journal`), and its `ineffacable` trigger.

    `SUR`: names of its columns that point to a part; `consigner` fills the one of the part's kind.
    """

    SUR: ClassVar[tuple[str, ...]] = ()

    acte = models.CharField("acte", max_length=40)
    fait = models.CharField("fait", max_length=200, help_text="Ce qui s’est passé, en une phrase sans sujet.")
    etat_avant = models.CharField("état avant", max_length=30, blank=True)
    etat_apres = models.CharField("état après", max_length=30, blank=True)
    # PROTECT: the journal must outlive the account
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    est_publique = models.BooleanField("publique", default=False)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.fait} ({jour_texte(self.le, 'chiffres')})"

    @property
    def par_qui(self) -> str:
        if self.par_id:
            return f"par {self.par}"
        return "par le lien reçu" if self.acte in actes_par_lien() else "automatiquement"


@cache
def actes_par_lien() -> frozenset[str]:
    """The acts that, without an account, only a signed link does: in no table is a word of them the clock's.

    The answer to a demande is written by who was asked, whatever the table of the dossier says.
    """
    sans_compte = [
        (acte, ligne.par_lien)
        for suivi in apps.get_models()
        if issubclass(suivi, Suivi)
        for acte, ligne in suivi.TRANSITIONS.items()
        if Role.SYSTEME in ligne.par
    ]
    seuls = {acte for acte, par_lien in sans_compte if par_lien}
    return frozenset({"repondre_demande"} | seuls) - {acte for acte, par_lien in sans_compte if not par_lien}


def ineffacable(nom: str) -> pgtrigger.Protect:
    """The database itself refuses that a line be changed or removed."""
    return pgtrigger.Protect(name=f"entree_{nom}_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete)
