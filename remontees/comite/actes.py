"""Acts for the comité de suivi: put on its agenda, ask for a visit, report of a period; their forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.seances.models import Point, Seance
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.seances.points.decisions import exiger_le_vote
from participation.socle.actions import exiger, faire_echeance
from participation.socle.actions.documents import demander_document
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_parmi, champ_texte, propose
from participation.socle.francais import a_qui, de, jour_texte, majuscule, periode_texte
from participation.socle.models import Compte, Direction, Document
from participation.socle.regles.adresses import est_fermee
from participation.socle.views.pages import Page, acte
from remontees.comite.lectures import Candidat, autres_seances, donnees_rapport, seance_de, seances_du_comite
from remontees.models import Attribution, ReglementRemontees, Remontee, Sujet
from remontees.parts.actes import TRI, donner, fixer_date, retirer_attribution
from remontees.parts.lettres import au_service

MINUTES = 10  # default duration of a point


VISITE = "Aller voir sur place, et dire ce que vous avez constaté."


def nommer(seance: Seance) -> str:
    """Name the séance with its day: several have the same title."""
    return f"{seance.titre}, le {jour_texte(seance.debut)}"


def choisir(champ: Any, seances: Any, *, avec_instance: bool = False) -> None:
    champ.queryset = seances
    champ.label_from_instance = (
        (lambda seance: f"{seance.instance} : {nommer(seance)}") if avec_instance else nommer
    )


class InscrireAuComiteForm(ActeForm):
    seance: Any = champ_parmi(
        "Séance du comité", Seance.objects.none(), erreur="Choisissez une séance.", vide=None
    )

    def preparer(self) -> None:
        choisir(self.fields["seance"], seances_du_comite())


@acte(
    Page[Remontee | Sujet](
        form=InscrireAuComiteForm,
        consequence="Un point est ajouté à l’ordre du jour de la séance choisie.",
        succes=lambda _, point: f"À l’ordre du jour de « {point.seance} ».",
    )
)
@transaction.atomic
def inscrire_au_comite(dossier: Remontee | Sujet, *, par: Compte, seance: Seance) -> Point:
    """Add a point for the dossier. Raises ErreurMetier when another séance of the comité has it."""
    return _inscrire(dossier, "inscrire_au_comite", seance, par=par)


class PorterEnSeanceForm(ActeForm):
    seance: Any = champ_parmi(
        "Séance", Seance.objects.none(), erreur="Choisissez une séance.", vide="À choisir"
    )
    motif = champ_texte("Pourquoi, si le comité a voté autre chose", maximum=1000, lignes=2, requis=False)

    def preparer(self) -> None:
        choisir(self.fields["seance"], autres_seances(), avec_instance=True)


@acte(
    Page[Remontee | Sujet](
        form=PorterEnSeanceForm,
        consequence="Un point est ajouté à l’ordre du jour de cette instance.",
        succes=lambda _, point: f"À l’ordre du jour de « {point.seance} ».",
    )
)
@transaction.atomic
def porter_en_seance(dossier: Remontee | Sujet, *, par: Compte, seance: Seance, motif: str = "") -> Point:
    """Add a point to a séance of another instance, such as the CCSPL. Raises as `inscrire_au_comite`."""
    exiger_le_vote(dossier, "porter_en_seance", par=par, motif=motif)
    return _inscrire(dossier, "porter_en_seance", seance, par=par)


def _inscrire(dossier: Remontee | Sujet, acte: str, seance: Seance, *, par: Compte) -> Point:
    pas = exiger(dossier, acte, par=par)
    deja = seance_de(dossier, Q(seance__instance=seance.instance_id))
    if deja is not None:
        raise ErreurMetier(
            f"« {dossier.titre} » est déjà à l’ordre du jour de la séance du {jour_texte(deja.debut)}."
        )
    point = ajouter_point(
        seance,
        par=par,
        dossiers=[dossier],
        nature=Point.Nature.DECISION if acte == "inscrire_au_comite" else Point.Nature.INFORMATION,
        titre=dossier.titre,
        direction=dossier.direction,
        duree=MINUTES,
    )
    pas.avancer(
        fait=f"À l’ordre du jour de la séance du {jour_texte(seance.debut)} ({seance.instance})",
        details={"seance": seance.pk, "point": point.pk},
    )
    return point


@transaction.atomic
def remplir_le_comite(seance: Seance, dossiers: Iterable[Remontee | Sujet], *, par: Compte) -> int:
    """Put several dossiers on the agenda, all or none; return how many."""
    combien = 0
    for dossier in dossiers:
        inscrire_au_comite(dossier, par=par, seance=seance)
        combien += 1
    return combien


class DemanderVisiteForm(ActeForm):
    direction: Any = champ_parmi(
        "Qui va voir",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="À choisir",
    )
    date_limite = champ_jour("Avant le", erreur="Donnez un jour.")
    mot = champ_texte("Ce qu’il faut regarder", maximum=1000, lignes=3, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        jours = ReglementRemontees.actuel().delai_service_jours
        return {
            "direction": self.objet.direction_id,
            "date_limite": propose(ajouter_jours_ouvres(timezone.localdate(), jours)),
        }


@acte(
    Page[Remontee | Sujet](
        form=DemanderVisiteForm,
        consequence="Le service reçoit la demande d’aller voir sur place, et un lien pour dire ce qu’il a vu.",
    )
)
@transaction.atomic
def demander_visite(
    dossier: Remontee | Sujet, *, par: Compte, direction: Direction, date_limite: date, mot: str = ""
) -> Attribution:
    """Give a service the part of visiting the place; its answer says what it saw."""
    pas = exiger(dossier, "demander_visite", par=par)
    exiger_le_vote(dossier, "demander_visite", par=par, motif=mot, champ="mot")
    part = donner(dossier, par=par, a=direction, date_limite=date_limite, consigne=f"{VISITE} {mot}".strip())
    pas.avancer(
        fait=f"Visite sur place demandée {a_qui(part.en_phrase)}", motif=mot, details={"attribution": part.pk}
    )
    faire_echeance(dossier, TRI)
    return part


class ServiceMuetForm(ActeForm):
    """Choice of one of the services that the dossier awaits, the latest first."""

    part: Any = champ_parmi("Service", Attribution.objects.none(), erreur="Choisissez le service.", vide=None)

    def preparer(self) -> None:
        self.choisir("part", Attribution.attendues_de(self.objet).order_by("date_limite", "pk"))
        champ: Any = self.fields["part"]
        champ.label_from_instance = lambda part: (
            f"{part.destinataire}, attendue le {jour_texte(part.date_limite)}"
        )


class PresserServiceForm(ServiceMuetForm):
    date_limite = champ_jour("Réponse demandée pour le", erreur="Donnez un jour.")
    mot = champ_texte("Ce qui est demandé", "Le service lit ces mots.", maximum=1000, lignes=3, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        jours = ReglementRemontees.actuel().escalade_jours
        return {"date_limite": propose(ajouter_jours_ouvres(timezone.localdate(), jours))}


@acte(
    Page[Remontee | Sujet](
        form=PresserServiceForm,
        consequence="Le service reçoit une lettre avec la nouvelle date, et le même lien pour répondre.",
        succes=lambda _, part: f"{majuscule(part.en_phrase)} : la nouvelle date est envoyée.",
    )
)
@transaction.atomic
def presser_service(
    dossier: Remontee | Sujet, *, par: Compte, part: Attribution, date_limite: date, mot: str = ""
) -> Attribution:
    """Give a service that does not answer one more date, and write to it. Raises ValidationError for a past date."""
    pas = exiger(dossier, "presser_service", par=par)
    exiger_le_vote(dossier, "presser_service", par=par, motif=mot, champ="mot")
    _exiger_attendue(part)
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "La date de réponse est déjà passée."})
    part.date_limite = date_limite
    part.save(update_fields=["date_limite"])
    fixer_date(dossier, part)
    pas.avancer(
        fait=f"{majuscule(part.en_phrase)} : réponse demandée pour le {jour_texte(date_limite)}",
        motif=mot,
        details={"attribution": part.pk, "date_limite": date_limite.isoformat()},
    )
    au_service(part, "presser_service", mot=mot)
    return part


class NoterAppelForm(ServiceMuetForm):
    dit = champ_texte(
        "Qui a répondu, et ce qui a été dit", maximum=1000, lignes=3, erreur="Dites ce qui a été dit."
    )


@acte(
    Page[Remontee | Sujet](
        form=NoterAppelForm, consequence="L’appel reste au journal. La date de réponse ne change pas."
    )
)
@transaction.atomic
def noter_appel(dossier: Remontee | Sujet, *, par: Compte, part: Attribution, dit: str) -> Attribution:
    """Note that a service was called, and what it said."""
    pas = exiger(dossier, "noter_appel", par=par)
    _exiger_attendue(part)
    pas.avancer(fait=f"Appel {a_qui(part.en_phrase)}", motif=dit, details={"attribution": part.pk})
    return part


class SaisirHierarchieForm(ServiceMuetForm):
    mot = champ_texte(
        "Ce que vous demandez",
        "Sa hiérarchie lit ces mots.",
        maximum=1000,
        lignes=3,
        erreur="Écrivez ce que vous demandez.",
    )

    def preparer(self) -> None:
        super().preparer()
        champ: Any = self.fields["part"]
        champ.help_text = " ".join(
            f"{majuscule(part.en_phrase)} n’est pas en retard : sa réponse est attendue pour le {jour_texte(part.date_limite)}."
            for part in champ.queryset
            if not part.est_en_retard
        )


@acte(
    Page[Remontee | Sujet](
        form=SaisirHierarchieForm,
        consequence="Une lettre part à la direction supérieure du service, ou à défaut à l’élu en charge.",
        succes=lambda _, part: f"La hiérarchie {de(part.en_phrase)} est saisie.",
    )
)
@transaction.atomic
def saisir_hierarchie(dossier: Remontee | Sujet, *, par: Compte, part: Attribution, mot: str) -> Attribution:
    """Write to who the direction answers to. Raises ErreurMetier when nobody is known above it."""
    pas = exiger(dossier, "saisir_hierarchie", par=par)
    exiger_le_vote(dossier, "saisir_hierarchie", par=par, motif=mot, champ="mot")
    _exiger_attendue(part)
    if not hierarchie_de(part):
        raise ErreurMetier(
            f"Personne n’est connu au-dessus {de(part.en_phrase)} : donnez à sa fiche une direction supérieure ou un élu en charge."
        )
    pas.avancer(fait=f"Hiérarchie {de(part.en_phrase)} saisie", motif=mot, details={"attribution": part.pk})
    ecrire(
        "remontees/saisir_hierarchie",
        a=hierarchie_de(part),
        dossier=part.dossier,
        repondre_a=part.par.courriel if part.par else "",
        contexte={
            "part": part,
            "dossier": part.dossier.enfant,
            "service": majuscule(part.en_phrase),
            "a_lire": part.dossier.enfant.a_lire(),
            "mot": mot,
        },
    )
    return part


class ReprendreServiceForm(ServiceMuetForm):
    motif = champ_texte(
        "Pourquoi la reprendre", "Le service lit ces mots.", maximum=1000, lignes=3, erreur="Dites pourquoi."
    )


@acte(
    Page[Remontee | Sujet](
        form=ReprendreServiceForm,
        consequence="Plus rien ne sera attendu de ce service. Sans autre service, le dossier revient au tri.",
        succes=lambda _, part: f"Reprise {a_qui(part.en_phrase)}.",
    )
)
def reprendre_service(
    dossier: Remontee | Sujet, *, par: Compte, part: Attribution, motif: str
) -> Attribution:
    """Take the dossier back from a service that does not answer, to give it to another or to answer."""
    with transaction.atomic():
        exiger(dossier, "reprendre_service", par=par)
        exiger_le_vote(dossier, "reprendre_service", par=par, motif=motif)
        retirer_attribution(part, par=par, motif=motif)
    return part


def _exiger_attendue(part: Attribution) -> None:
    part.refresh_from_db(fields=["etat", "date_limite"])
    if not part.est_attendue:
        raise ActeInterdit(f"La part {de(part.en_phrase)} est « {part.get_etat_display()} ».")


NATURE = "remontees/rapport"


JOURS_AU_PLUS = 731  # days; a longer period needs two reports


@transaction.atomic
def demander_rapport(*, par: Compte, debut: date, fin: date) -> Document:
    """Request the report. Raises ValidationError when `fin` precedes `debut` or is over two years later."""
    if fin < debut:
        raise ValidationError({"fin": "La fin précède le début."})
    if (fin - debut).days > JOURS_AU_PLUS:
        raise ValidationError({"fin": "Deux ans au plus : faites deux rapports."})
    return demander_document(
        nature=NATURE,
        titre=f"Remontées {periode_texte(debut, fin)}",
        donnees=donnees_rapport(debut, fin),
        par=par,
        est_interne=True,
    )


class PreparerComiteForm(forms.Form):
    """Choice of candidates, and of the séance of the comité."""

    seance: Any = champ_parmi("Séance", Seance.objects.none(), vide=None)
    choisis = forms.MultipleChoiceField(
        label="À mettre à l’ordre du jour",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une ligne."},
    )

    def __init__(self, *donnees: Any, candidats: Sequence[Candidat]) -> None:
        super().__init__(*donnees)
        champs: Any = self.fields
        choisir(champs["seance"], seances_du_comite())
        champs["choisis"].choices = [(c.cle, c.dossier.titre) for c in candidats]


class RapportForm(forms.Form):
    debut = champ_jour("Du", erreur="Donnez le premier jour.")
    fin = champ_jour("Au", erreur="Donnez le dernier jour.")

    def __init__(self, *donnees: Any) -> None:
        jour = timezone.localdate()
        super().__init__(*donnees)
        self.initial = {"debut": jour - timedelta(days=90), "fin": jour}


def hierarchie_de(part: Attribution) -> list[str]:
    """Return who the service answers to: the direction above it, else the élu in charge of it."""
    direction = part.direction
    if direction is None:
        return []
    siennes = direction.superieure.adresses() if direction.superieure else []
    if not siennes and direction.elu is not None and direction.elu.is_active:
        siennes = [direction.elu.courriel]
    return [adresse for adresse in siennes if not est_fermee(adresse)]
