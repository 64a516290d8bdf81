"""Base models of what is followed: acts and états (`Suivi`, `Partie`), and an unchangeable journal."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from pkgutil import resolve_name
from typing import Any, ClassVar, Generic, Self, TypeVar

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import de, jour_texte
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import COMPTE_FERME, Compte
from participation.socle.models.relus import Relu
from participation.socle.regles.noms import NOMMES, REMPLACE, remettre_les_noms
from participation.socle.workflow import ActeDePoste, Apparence, Role, Table, Transition

S = TypeVar("S", bound="Suivi", covariant=True)
L = TypeVar("L", bound="LigneDeJournal")


# The first parameter is the object of the act: a Suivi or a Partie of the app.
Question = Callable[[Any, str, Compte | None], list[str]]


@cache
def question(chemin: str) -> Question:
    """Return the question named by the `condition` of a row."""
    trouvee: Question = resolve_name(chemin)  # of a module, or of the class of the object
    return trouvee


class Suivi(Relu):
    """Base of every model that has acts: dossier, séance, campagne, suite, instance.

    A subclass gives its table of acts, its `Apparence` of each état, a column `etat` if it has états, and a
    journal (`related_name="journal"`).
    """

    TRANSITIONS: ClassVar[Table] = {}
    # Acts that every object of its kind has, whatever its own table. Their buttons stand in places of their own.
    ACTES_COMMUNS: ClassVar[Table] = {}
    APPARENCES: ClassVar[dict[str, Apparence]] = {}
    # Subject of the sentence of a refusal, of the gender of its états: « la séance » (est « suspendue »).
    SUJET: ClassVar[str]

    # Letters on paper that an act of the app posts, by the name of the letter: « contrat_ville/notifier ».
    ACTES_DE_POSTE: ClassVar[Mapping[str, ActeDePoste]] = {}

    journal: Any

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def get_adresse_url(self) -> str:
        """URL where an agent corrects the postal address of its letters on paper; "" if there is none."""
        return ""

    @property
    def dans_l_adresse(self) -> object:
        """What names it in the addresses of its acts."""
        return self.pk

    @property
    def enfant(self) -> Self:
        """The row that has the table and the état. For a `Dossier`, the row of its app."""
        return self if self.TRANSITIONS else self.ligne_de_son_app()

    def ligne_de_son_app(self) -> Self:
        return self

    @property
    def porteur(self) -> "Suivi":
        """The object whose journal records the acts of this one."""
        return self

    @property
    def domaine(self) -> str:
        """Label of the app whose accent colour the pages use."""
        return str(self._meta.app_label)

    @property
    def etat_actuel(self) -> str:
        return str(getattr(self.enfant, "etat", ""))

    @property
    def libelle_etat(self) -> str:
        if self.enfant is not self:
            return self.enfant.libelle_etat
        return str(getattr(self, "get_etat_display", lambda: "")())

    @property
    def apparence(self) -> Apparence:
        if self.enfant is not self:
            return self.enfant.apparence
        return self.APPARENCES[self.etat_actuel]

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        """Breadcrumb up to where this object is listed, which is all there is before it is created."""
        return []

    @property
    def fil(self) -> list[tuple[str, str]]:
        """Breadcrumb up to the page of this object, included: (words, URL) pairs."""
        return [*self.fil_avant, (str(self), self.get_absolute_url())] if self.pk else self.fil_avant

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        """Breadcrumb for a person who has no access to the back office; empty when `fil` serves everybody."""
        return []

    @property
    def nom_court(self) -> str:
        """Short name, for the title of a window."""
        return str(self)

    @property
    def designation(self) -> str:
        """What the page of an act shows under its title: the object of the act."""
        return str(self)

    def mots_de_suite(self) -> dict[str, str]:
        """Return the values that the sentences of `Apparence` quote. Subclasses add their own."""
        return {}

    def ensuite(self, mots: dict[str, str] | None = None) -> str:
        """Return what happens next, for everybody. `mots`: those of `mots_de_suite`, when they are read already."""
        return self.apparence.ensuite.format_map(self.mots_de_suite() if mots is None else mots)

    def roles_pour_dire(self, compte: Compte | None) -> frozenset[str]:
        """Return the roles for which `compte` is told what to do (`a_faire`).

        Subclasses add the roles held on the parts of the object.
        """
        return self.roles_de(compte)

    def a_faire(self, role: str, compte: Compte | None) -> str:
        """Return what this role has to do in the present état, as a sentence, or "".

        Subclasses return "" once it is done.
        """
        return self.apparence.pour.get(role, "")

    def marquer(self) -> None:
        """Write, with each line of the journal, that something was done: pages and screens watch it."""

    @property
    def cites(self) -> dict[str, models.Model]:
        """Other objects that the lines of the journal point to, by the name of the column."""
        return {}

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Return the roles of `compte` on this object, or on its part `sur`.

        Without an account (periodic task, signed link), the role is SYSTEME.
        """
        return compte.roles if compte is not None else frozenset({Role.SYSTEME})

    @classmethod
    def acte(cls, acte: str) -> Transition:
        """Return the row of the table. Raises KeyError for an act that is not in it: a bug in the code."""
        return cls.TRANSITIONS.get(acte) or cls.ACTES_COMMUNS[acte]

    @classmethod
    def actes(cls) -> Table:
        """Return the whole table."""
        return {**cls.ACTES_COMMUNS, **cls.TRANSITIONS}

    def transition(self, acte: str) -> Transition:
        return type(self.enfant).acte(acte)

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        """Return why `par` may not do this act, or None. Writes nothing.

        RoleInsuffisant: the role is not allowed. ActeInterdit: the act is not possible in this état.
        Subclasses add their own refusals.
        """
        transition = self.transition(acte)
        if not transition.par & self.enfant.roles_de(par, sur):
            return RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
        if not transition.part_de(self.etat_actuel):
            return ActeInterdit(
                transition.trop_tard
                or f"« {transition.libelle} » n’est plus possible : {self.enfant.SUJET} est « {self.libelle_etat} »."
            )
        return sur.refus(acte, par) if isinstance(sur, Partie) else None

    def manques(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        """Return, in sentences, what must be done first according to other rows: what the `condition` of the row
        says. Callers use `obstacles`. Raises TypeError, a bug in the code, for an act on a part asked without it.
        """
        condition = self.transition(acte).condition
        if condition and sur is None and self.transition(acte).sur:
            raise TypeError(f"{acte}: {self.transition(acte).sur}?")
        dits = question(condition)(sur or self.enfant, acte, par) if condition else []
        return dits + (sur.manques(acte, par) if isinstance(sur, Partie) else [])

    def admettre(self, acte: str, par: Compte | None, sur: "Partie | None" = None) -> Transition:
        """Return the row of an act that `par` may do now. Raises its refusal, or ErreurMetier with what must come first."""
        if (refus := self.refus(acte, par, sur)) is not None:
            raise refus
        if manques := self.manques(acte, par, sur):
            raise ErreurMetier(" ".join(manques))
        return self.transition(acte)

    def obstacles(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        """Return, in sentences, why `par` cannot do the act now; empty when they can.

        `exiger` raises these sentences, and the page of the act shows them.
        """
        refus = self.enfant.refus(acte, par, sur)
        return [refus.message] if refus else self.enfant.manques(acte, par, sur)

    def remedes(self, acte: str, par: Compte | None) -> list[str]:
        """Return the acts that `par` may do now and that lead to an état where this act is possible.

        A dangerous act is no remedy: a refusal does not push anybody to it.
        """
        voulus, enfant = self.transition(acte).de, self.enfant
        return [
            autre
            for autre, ligne in enfant.TRANSITIONS.items()
            if ligne.vers & voulus
            and not (ligne.sur or ligne.est_dangereux or self.transition(acte).part_de(self.etat_actuel))
            and enfant.permet(autre, par)
        ]

    def permet(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> bool:
        """Whether the table allows this act to `par` in this état.

        `obstacles` also tells what must come first.
        """
        return self.enfant.refus(acte, par, sur) is None

    def actes_permis_a(self, compte: Compte | None, sur: "Partie | None" = None) -> list[str]:
        """Return the acts whose buttons `compte` sees, in the order of the table.

        Those on the object itself, or on its part `sur`.
        """
        nom = sur._meta.model_name if sur is not None else ""
        return [
            acte
            for acte, transition in self.enfant.TRANSITIONS.items()
            if transition.sur == nom and self.propose(acte, compte, sur)
        ]

    def propose(self, acte: str, compte: Compte | None, sur: "Partie | None" = None) -> bool:
        """Whether `compte` is shown the way to this act: allowed, and possible when its row says so."""
        si_possible = self.transition(acte).si_possible
        return self.permet(acte, compte, sur) and not (si_possible and self.obstacles(acte, compte, sur))


class PortePar(Generic[S]):
    """Descriptor that leads from a part to the `Suivi` that bears it.

    Example: `suivi = PortePar[Seance]("point.seance")`.
    """

    def __init__(self, chemin: str) -> None:
        self.lire = attrgetter(chemin)

    def __get__(self, partie: Any, modele: type[Any] | None = None) -> S:
        return self.lire(partie) if partie is not None else self  # type: ignore[return-value]  # read on the class: itself


class Partie(Relu):
    """Base of a part. An act on a part is an act of the `Suivi` that bears it.

    A part adds only its own rules: `refus` (checked once the table allows the act) and `manques`.
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

    @property
    def libelle_etat(self) -> str:
        """Where the part stands, in words; where its `suivi` stands when it has no état of its own."""
        return str(getattr(self, "get_etat_display", lambda: self.suivi.libelle_etat)())

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        """Return the roles of `compte` on this part (author, member).

        The `roles_de` of the `Suivi` that bears it calls this method.
        """
        return frozenset()

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        """Return why the part itself refuses an act that the table allows, or None.

        It is closed, for example, or not open to `par`. Subclasses override it.
        """
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        """Return, in sentences, what must be done first on this part. Subclasses override it."""
        return []

    def permet(self, acte: str, par: Compte | None) -> bool:
        return self.suivi.permet(acte, par, self)

    def actes_permis_a(self, compte: Compte | None) -> list[str]:
        return self.suivi.actes_permis_a(compte, self)


def de_quoi(objet: Suivi | Partie) -> tuple[Suivi, Partie | None]:
    """Return the Suivi and, if the act is done on a Partie, this Partie."""
    return (objet, None) if isinstance(objet, Suivi) else (objet.suivi, objet)


class LigneDeJournal(models.Model):
    """Base of the journals: what was done, by whom, when.

    Each journal adds its foreign key (`related_name="journal"`) and its `ineffacable` trigger. `SUR` names
    its columns that point to a part; `consigner` fills the one that fits the part given.
    """

    SUR: ClassVar[tuple[str, ...]] = ()

    acte = models.CharField("acte", max_length=40)
    fait = models.CharField("fait", max_length=200, help_text="Ce qui s’est passé, en une phrase sans sujet.")
    etat_avant = models.CharField("état avant", max_length=30, blank=True)
    etat_apres = models.CharField("état après", max_length=30, blank=True)
    # PROTECT: the journal outlives the account.
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    est_publique = models.BooleanField("publique", default=False)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.fait_en_clair} ({jour_texte(self.le, 'chiffres')})"

    @cached_property
    def comptes_nommes(self) -> list[str]:
        """Names, as they stand today, of the accounts that the line cites (`nommer` reads those of many)."""
        return _noms_de([self], NOMMES).get(self.pk, [])

    @cached_property
    def compte_remplace(self) -> str:
        """Name of the agent whose place was taken; "" when nobody's was."""
        return "".join(_noms_de([self], REMPLACE).get(self.pk, []))

    @property
    def fait_en_clair(self) -> str:
        return remettre_les_noms(self.fait, self.comptes_nommes)

    @property
    def motif_en_clair(self) -> str:
        return remettre_les_noms(self.motif, self.comptes_nommes)

    @property
    def par_qui(self) -> str:
        if self.par_id:
            pour = f", en remplacement {de(self.compte_remplace)}" if self.compte_remplace else ""
            return f"par {self.par}{pour}"
        return "par le lien reçu" if self.acte in actes_par_lien() else "automatiquement"


def nommer(lignes: Iterable[L]) -> list[L]:
    """Read the names of the accounts that these lines cite, in two queries at most."""
    lues = list(lignes)
    noms, remplaces = _noms_de(lues, NOMMES), _noms_de(lues, REMPLACE)
    for ligne in lues:
        ligne.comptes_nommes = noms.get(ligne.pk, [])
        ligne.compte_remplace = "".join(remplaces.get(ligne.pk, []))
    return lues


def _noms_de(lignes: Iterable[LigneDeJournal], cle: str) -> dict[Any, list[str]]:
    # Former lines of séances say there, as one number, the seat that a substitute takes.
    cites = {ligne.pk: dits for ligne in lignes if isinstance(dits := ligne.details.get(cle), list)}
    comptes = Compte.objects.in_bulk({pk for siens in cites.values() for pk in siens}) if cites else {}
    return {ligne: [str(comptes.get(pk, COMPTE_FERME)) for pk in siens] for ligne, siens in cites.items()}


@cache
def actes_par_lien() -> frozenset[str]:
    """Return the acts that, without an account, can only come from a signed link.

    An act is left out as soon as one table lets a periodic task do it. The answer to a demande is always in:
    the person asked writes it, whatever the table of the dossier says.
    """
    sans_compte = [
        (acte, ligne.par_lien)
        for suivi in apps.get_models()
        if issubclass(suivi, Suivi)
        for acte, ligne in suivi.actes().items()
        if Role.SYSTEME in ligne.par
    ]
    seuls = {acte for acte, par_lien in sans_compte if par_lien}
    return frozenset({"repondre_demande"} | seuls) - {acte for acte, par_lien in sans_compte if not par_lien}


def ineffacable(nom: str) -> pgtrigger.Protect:
    """Return the trigger by which the database refuses any change or deletion of a line."""
    return pgtrigger.Protect(name=f"entree_{nom}_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete)
