"""After the decision, for the team of a projet: steps with their dates, amounts granted, paid and left."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch
from django.utils import timezone

from contrat_ville.models import Financement, Projet, Reversement, Versement
from contrat_ville.workflow import ACCOMPAGNES, Etat
from participation.socle.francais import au_plus_tard, jour_texte, majuscule, montant, periode_texte
from participation.socle.graphiques import EtapeFrise, Statut

FINIS = {Etat.BILAN_ATTENDU, Etat.EVALUE, Etat.CLOS}


@dataclass(frozen=True, slots=True)
class Apres:
    etapes: list[EtapeFrise]
    financements: list[Financement]
    accorde: Decimal
    verse: Decimal

    @property
    def du(self) -> Decimal:
        """What the financers owe in all: the grants, then what the accounts leave of them."""
        return sum((f.du for f in self.financements), start=Decimal(0))

    @property
    def reste(self) -> Decimal:
        return sum((f.reste for f in self.financements), start=Decimal(0))

    @property
    def a_rendre(self) -> list[Reversement]:
        return [r for f in self.financements for r in f.reversements.all() if r.est_attendu]


def apres_de(projet: Projet) -> Apres | None:
    """Return None until the team is notified that the projet is supported."""
    if projet.notifie_le is None or projet.etat not in ACCOMPAGNES | {Etat.CLOS}:
        return None
    versements = Prefetch("versements", Versement.objects.comptes().order_by("date", "pk"))
    financements = list(
        projet.financements.avec_financeur()
        .exclude(accorde=None)
        .exclude(accorde=0)
        .prefetch_related(versements, "reversements__financement__financeur")
    )
    accorde = sum((f.accorde or Decimal(0) for f in financements), Decimal(0))
    verse = sum((f.verse for f in financements), Decimal(0))
    return Apres(_etapes(projet, accorde, verse), financements, accorde, verse)


def bilan_a_completer(projet: Projet) -> str:
    """What the bilan sent back still lacks, in the words of the agent; "" if none was sent back."""
    if projet.etat != Etat.BILAN_ATTENDU or not hasattr(projet, "bilan"):
        return ""
    renvoi = projet.journal.filter(acte="renvoyer_bilan").order_by("-le", "-pk").first()
    return renvoi.motif if renvoi is not None else ""


def _etapes(projet: Projet, accorde: Decimal, verse: Decimal) -> list[EtapeFrise]:
    return [
        EtapeFrise(
            "Décision", timezone.localdate(projet.notifie_le), "La lettre vous a été envoyée.", "passe"
        ),
        *_reserve(projet),
        _convention(projet),
        _paiement(projet, accorde, verse),
        _projet(projet),
        _bilan(projet),
    ]


def _reserve(projet: Projet) -> list[EtapeFrise]:
    if projet.etat != Etat.SOUS_RESERVE:
        return []
    return [
        EtapeFrise(
            "Réserve", "À lever", "Le projet est retenu sous une réserve, dite dans la lettre.", "en_cours"
        )
    ]


def _convention(projet: Projet) -> EtapeFrise:
    convention = getattr(projet, "convention", None)
    if convention is not None:
        return EtapeFrise(
            "Convention", convention.date_signature, f"Signée, n° {convention.numero}.", "passe"
        )
    ici = projet.etat == Etat.RETENU
    texte = "Elle se signe avec vous ; l’argent est versé ensuite."
    return EtapeFrise("Convention", "À signer", texte, "en_cours" if ici else "a_venir")


def _paiement(projet: Projet, accorde: Decimal, verse: Decimal) -> EtapeFrise:
    if accorde and verse >= accorde:
        return EtapeFrise("Versements", "Tout est versé", f"{montant(verse)} versés.", "passe")
    texte = f"{montant(verse)} versés sur {montant(accorde)}." if verse else "Rien n’est encore versé."
    signee = getattr(projet, "convention", None) is not None
    return EtapeFrise(
        "Versements",
        ("En cours" if verse else "À venir") if signee else "Après la convention",
        texte,
        "en_cours" if signee else "a_venir",
    )


def _projet(projet: Projet) -> EtapeFrise:
    fini = projet.etat in FINIS
    statut: Statut = "passe" if fini else "en_cours" if projet.etat == Etat.EN_COURS else "a_venir"
    if projet.date_debut and projet.date_fin:
        quand = majuscule(periode_texte(projet.date_debut, projet.date_fin))
    else:
        quand = jour_texte(projet.date_debut or projet.date_fin) or "Dates à dire au service"
    return EtapeFrise("Votre projet", quand, "", statut)


def _bilan(projet: Projet) -> EtapeFrise:
    bilan = getattr(projet, "bilan", None)
    if projet.etat in {Etat.EVALUE, Etat.CLOS} and bilan is not None:
        lu = "Le service l’a lu ; le dossier est clos." if projet.etat == Etat.CLOS else "Le service le lit."
        return EtapeFrise(
            "Bilan",
            timezone.localdate(bilan.rendu_le),
            f"Rendu{' sur papier' if bilan.recu_sur_papier_le else ''}. {lu}",
            "passe",
        )
    if projet.etat == Etat.BILAN_ATTENDU:
        due = projet.echeances.actives().filter(cle="bilan").first()
        quand = majuscule(au_plus_tard(due.date_limite)) if due is not None else "Attendu"
        return EtapeFrise("Bilan", quand, "Dites ce qui a été fait, et ce qui a été dépensé.", "en_cours")
    mois = projet.programmation.delai_bilan_mois
    quand = f"Dans les {mois} mois" if mois > 1 else "Dans le mois"
    return EtapeFrise("Bilan", f"{quand} après la fin du projet", "", "a_venir")
