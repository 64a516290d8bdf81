"""Examination of a petition: grid, comité, decision, reformulation."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.seances.models import PointDossier, Seance
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.actions import (
    annuler_echeance,
    demander,
    exiger,
    faire_echeance,
    fixer_echeance,
    repondre_demande,
)
from participation.socle.actions.avancer import Pas
from participation.socle.calendrier import ajouter_mois, jours_entre
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.versions import exiger_version
from participation.socle.francais import majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Demande, Direction, ReglageService
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte
from petitions.copetitionnaires.actes import prevenir_du_changement, retenir_le_texte
from petitions.depot.actes import clore_attentes
from petitions.models import Deport, ExamenCritere, MotifIrrecevabilite, Petition
from petitions.recevabilite import lettres
from petitions.recevabilite.lectures import petitions_proches, raisons_de_la_grille
from petitions.recevabilite.lettres import lettre_de_decision
from petitions.trouver import points_de
from petitions.workflow import Appreciation

RAPPELS_D_OUVERTURE = (7, 2)
SANS_COMITE = "Le comité n’a pas décidé en séance : dites pourquoi la décision est prise sans lui."


GARDE_MAX = 5000  # characters of each text kept before it is sent


# Acts of the comité
def contexte_examen(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition, "proches": petitions_proches(petition)}


def contexte_petition(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition}


def est_a_venir(lien: PointDossier) -> bool:
    """Whether the séance is still to decide: the point is open, and the séance neither over nor cancelled."""
    fini = {EtatSeance.LEVEE, EtatSeance.ANNULEE}
    return not lien.decision and not lien.point.est_clos and lien.point.seance.etat not in fini


def contexte_decision(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    attendues = petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True)
    return {
        "petition": petition,
        "signataire": ReglageService.actuel().signataire,
        "avis_attendus": attendues.select_related("direction", "commune", "compte"),
        "seance_prevue": next((lien.point.seance for lien in points_de(petition) if est_a_venir(lien)), None),
    }


DECISION: dict[str, Any] = {"gabarit": "petitions/recevabilite/decision.html", "contexte": contexte_decision}


class ExaminerForm(ActeForm):
    """Two fields for each criterion: the appréciation of this person, next to those of the others.

    Fields have a hidden initial value, so that only what changed since the page was shown is saved.
    """

    objet: Petition

    def preparer(self) -> None:
        self.criteres = list(self.objet.reglement.criteres.all())
        self.change_le = change_le = self.objet.texte_change_le()
        tous = list(self.objet.examens.select_related("par").order_by("le"))
        examens = {examen.critere_id: examen for examen in tous if self.par and examen.par_id == self.par.pk}
        self.autres = [examen for examen in tous if examen not in examens.values()]
        # Unchanged answers about an older text are saved too: they then apply to the new text.
        self.depasses = {
            critere for critere, examen in examens.items() if change_le is not None and examen.le < change_le
        }
        for critere in self.criteres:
            examen = examens.get(critere.pk)
            self.fields[f"appreciation_{critere.pk}"] = champ_choix(
                "Appréciation",
                [
                    ("", "À examiner"),
                    *((valeur, majuscule(libelle)) for valeur, libelle in Appreciation.choices),
                ],
                requis=False,
                boutons=True,
                initial=examen.appreciation if examen else "",
                show_hidden_initial=True,
            )
            self.fields[f"motif_{critere.pk}"] = champ_texte(
                "Raisons",
                maximum=2000,
                requis=False,
                lignes=2,
                initial=examen.motif if examen else "",
                show_hidden_initial=True,
            )

    def lignes(self) -> list[dict[str, Any]]:
        return [
            {
                **ligne,
                "vue": ligne["appreciation"].as_hidden(only_initial=True),
                "autres": [
                    (examen, self.change_le is not None and examen.le < self.change_le)
                    for examen in self.autres
                    if examen.critere_id == ligne["critere"].pk
                ],
                "est_depasse": ligne["critere"].pk in self.depasses,
            }
            for ligne in lignes_de_grille(self, self.criteres)
        ]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        exiger_les_raisons(self, reponses, self.criteres)
        appreciations = {
            critere.pk: (
                reponses.get(f"appreciation_{critere.pk}", ""),
                reponses.get(f"motif_{critere.pk}", ""),
            )
            for critere in self.criteres
            if critere.pk in self.depasses
            or {f"appreciation_{critere.pk}", f"motif_{critere.pk}"} & set(self.changed_data)
        }
        return {"appreciations": appreciations}


@acte(
    Page[Petition](
        form=ExaminerForm, gabarit="petitions/recevabilite/examiner.html", contexte=contexte_examen
    )
)
@transaction.atomic
def examiner(petition: Petition, appreciations: Mapping[int, tuple[str, str]], *, par: Compte) -> None:
    """Save the appréciations of `par`, as {key of the criterion: (appréciation, reasons)}.

    Each person has their own appréciations, next to those of the others. Criteria left out are unchanged; an
    empty appréciation deletes the former one. An appréciation saved again, even unchanged, applies to the
    current text.
    """
    pas = exiger(petition, "examiner", par=par)
    criteres = {critere.pk: critere for critere in petition.reglement.criteres.all()}
    lignes = []
    for numero, (appreciation, motif) in appreciations.items():
        critere = criteres[numero]
        examen = petition.examens.filter(critere=critere, par=par).first()
        if not appreciation:
            if examen is not None:
                examen.delete()
                lignes.append({"critere": critere.libelle, "appreciation": "à examiner"})
            continue
        examen = examen or ExamenCritere(petition=petition, critere=critere)
        examen.appreciation, examen.motif, examen.par, examen.le = appreciation, motif, par, timezone.now()
        examen.full_clean()
        examen.save()
        lignes.append(
            {"critere": critere.libelle, "appreciation": examen.get_appreciation_display(), "motif": motif}
        )
    if lignes:
        pas.avancer(details={"criteres": lignes})


SeDeporterForm = demander_texte(
    "Pourquoi",
    aide="Si vous voulez. Seuls les agents du service le lisent.",
    maximum=200,
    lignes=1,
    facultatif=True,
)


@acte(
    Page[Petition](
        form=SeDeporterForm,
        consequence="Vous ne pourrez plus examiner cette pétition ni décider de sa recevabilité. Le journal garde la date.",
    )
)
@transaction.atomic
def se_deporter(petition: Petition, *, par: Compte, motif: str = "") -> None:
    """Record the déport of a member: they neither examine this pétition nor decide on it."""
    pas = exiger(petition, "se_deporter", par=par)
    deport = Deport(petition=petition, compte=par, motif=motif)
    deport.full_clean()
    deport.save()
    petition.__dict__.pop("_deportes", None)
    pas.avancer()


def jour_de_reponse() -> Any:
    return timezone.localdate() + timedelta(days=JOURS_DE_REPONSE)


class DateLimiteForm(ActeForm):
    date_limite = champ_jour(
        "Réponse attendue le", erreur="Dites pour quand la réponse est attendue.", initial=jour_de_reponse
    )

    def clean_date_limite(self) -> Any:
        jour = self.cleaned_data["date_limite"]
        if jour <= timezone.localdate():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return jour


class DemanderReformulationForm(DateLimiteForm):
    objet: Petition

    texte = champ_texte(
        "Ce qui est à revoir, et pourquoi",
        "L’auteur le lit tel quel. Dites ce qui va, puis ce qui doit changer.",
        maximum=4000,
        erreur="Dites à l’auteur ce qu’il doit revoir.",
    )
    proposition = champ_texte(
        "Une rédaction possible", "L’auteur est libre de la reprendre ou non.", maximum=4000, requis=False
    )
    field_order = ["texte", "proposition", "date_limite"]

    def initiales(self) -> Mapping[str, Any]:
        a_revoir = [
            f"{ligne.critere} : {dit}"
            for ligne in self.objet.grille()
            for dit in ligne.raisons(Appreciation.A_REFORMULER)
        ]
        return {"texte": "\n\n".join(a_revoir), "proposition": self.objet.demande}


@acte(
    Page[Petition](
        form=DemanderReformulationForm,
        consequence="Le délai du comité s’arrête jusqu’à la réponse de l’auteur.",
        succes="La demande est partie. Le délai est arrêté.",
        gabarit="petitions/recevabilite/demander_reformulation.html",
        contexte=contexte_petition,
    )
)
@transaction.atomic
def demander_reformulation(
    petition: Petition, *, par: Compte, texte: str, date_limite: date, proposition: str = ""
) -> Demande:
    """Ask the author for another wording. The delay of the comité is stopped until the answer.

    A `proposition` identical to the current demand is saved as empty.
    """
    exiger(petition, "demander_reformulation", par=par)
    auteur = petition.auteur
    assert auteur is not None  # noqa: S101 checked by `manques`
    return demander(
        petition,
        par=par,
        nature=Demande.Nature.REFORMULATION,
        a=auteur,
        objet="Revoir le texte de la pétition",
        texte=texte,
        proposition="" if proposition.split() == petition.demande.split() else proposition,
        date_limite=date_limite,
        suspend_le_delai=True,
        avertir=lambda demande: lettres.demander_reformulation(petition, demande),
    )


@transaction.atomic
def reformuler(
    petition: Petition, *, par: Compte, titre: str, demande: str, raisons: str, vu: str = ""
) -> None:
    """Save the new wording of the author: the clock resumes, and both texts stay in the journal.

    `vu`: see `amender`. Raises ErreurMetier when the text is the same.
    """
    pas = exiger(petition, "reformuler", par=par)
    textes = {"titre": titre, "demande": demande, "raisons": raisons}
    exiger_version(petition, textes, vu)
    changes = {champ: texte for champ, texte in textes.items() if texte != getattr(petition, champ)}
    if not changes:
        raise ErreurMetier("Le texte est le même : changez ce que le comité vous demande de revoir.")
    avant = {champ: getattr(petition, champ) for champ in changes}
    attente = petition.reformulation_ouverte()
    retenir_le_texte(petition, changes)
    pas.avancer(details={"avant": avant, "apres": changes}, champs={**changes, "reformulation_gardee": {}})
    if attente is not None:
        repondre_demande(attente, reponse="Une nouvelle rédaction a été proposée.", par=par)
    prevenir_du_changement(petition)


@transaction.atomic
def garder_reformulation(petition: Petition, *, par: Compte, **textes: str) -> None:
    """Keep what the author has rewritten so far, complete or not (« Répondre plus tard »).

    Nobody else reads it.
    """
    exiger(petition, "reformuler", par=par)
    petition.reformulation_gardee = {
        champ: sans_controle(texte)[:GARDE_MAX] for champ, texte in textes.items()
    }
    petition.save(update_fields=["reformulation_gardee"])


class DemanderAvisForm(DateLimiteForm):
    objet: Petition

    directions = forms.ModelMultipleChoiceField(
        label="Directions consultées",
        queryset=Direction.objects.filter(est_active=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    communes = forms.ModelMultipleChoiceField(
        label="Communes consultées",
        help_text="Celles que la pétition concerne.",
        queryset=Commune.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    autre_commune = champ_parmi("Une autre commune", Commune.objects.none(), requis=False, vide="Aucune")
    objet_de_la_demande = champ_ligne(
        "La question",
        ici_plus_tard(
            "En une phrase. Par exemple : « La {metropole} peut-elle changer ces horaires seule ? »."
        ),
        maximum=160,
        erreur="Posez la question en une phrase.",
    )
    texte = champ_texte(
        "Ce qu’il faut savoir pour répondre",
        "La lettre donne déjà tout le texte de la pétition.",
        maximum=4000,
        erreur="Dites ce qu’il faut savoir pour répondre.",
    )
    field_order = ["directions", "communes", "autre_commune", "objet_de_la_demande", "texte", "date_limite"]

    def preparer(self) -> None:
        siennes = Commune.objects.filter(
            Q(dossiers=self.objet.pk) | Q(pk=self.objet.commune_auteur_id)
        ).distinct()
        self.choisir("communes", siennes)
        self.choisir("autre_commune", Commune.objects.exclude(pk__in=siennes.values("pk")))

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        autre = dit.pop("autre_commune", None)
        dit["communes"] = [*dit.get("communes", ()), *([autre] if autre else [])]
        if not dit.get("directions") and not dit["communes"]:
            self.add_error("directions", "Choisissez au moins une direction ou une commune.")
        dit["objet"] = dit.pop("objet_de_la_demande", "")
        return dit


@acte(
    Page[Petition](
        form=DemanderAvisForm,
        consequence="Chaque direction et chaque commune reçoit une lettre avec un lien pour répondre. Le délai du comité continue de courir.",
        succes="La demande d’avis est partie.",
    )
)
@transaction.atomic
def demander_avis(
    petition: Petition,
    *,
    par: Compte,
    directions: Iterable[Direction] = (),
    communes: Iterable[Commune] = (),
    objet: str,
    texte: str,
    date_limite: date,
) -> list[Demande]:
    """Ask directions and communes for an avis, by one letter each. The delay of the comité is not stopped."""
    exiger(petition, "demander_avis", par=par)
    services: list[Direction | Commune] = [*directions, *communes]
    return [
        demander(
            petition,
            par=par,
            nature=Demande.Nature.AVIS,
            a=service,
            objet=objet,
            texte=texte,
            date_limite=date_limite,
        )
        for service in services
    ]


class DeclarerRecevableForm(ActeForm):
    motif = champ_texte(
        "Un mot aux pétitionnaires",
        "Publié avec la décision et repris dans la lettre.",
        lignes=4,
        maximum=2000,
        requis=False,
    )


class SansComite(ActeForm):
    """What is asked besides when the comité does not decide itself, in a séance."""

    raison_sans_comite = champ_texte(
        "Pourquoi décider sans le comité",
        "Le comité ne s’est pas réuni sur cette pétition : la lettre et la page publique le disent, avec cette raison.",
        maximum=1000,
        erreur=SANS_COMITE,
    )


class DeclarerRecevableSansComiteForm(SansComite, DeclarerRecevableForm):
    pass


# Decisions
@acte(
    Page[Petition](
        form=DeclarerRecevableSansComiteForm,
        consequence="L’auteur et les co-pétitionnaires reçoivent la décision. La collecte est ensuite à ouvrir.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_recevable", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def declarer_recevable(
    petition: Petition, *, par: Compte, motif: str = "", raison_sans_comite: str = ""
) -> None:
    """Declare the pétition recevable: the collecte must be opened within the delay of the règlement.

    `raison_sans_comite`: why the comité did not decide, published; required unless a séance of it decides.
    """
    pas = exiger(petition, "declarer_recevable", par=par)
    _clore_examen(petition, par=par)
    _decider(pas, petition, motif=motif, raison_sans_comite=raison_sans_comite)
    date_ouverture = timezone.localdate() + timedelta(days=petition.reglement.delai_ouverture_jours)
    fixer_echeance(
        petition,
        "ouverture",
        libelle="Ouvrir la collecte de signatures",
        date_limite=date_ouverture,
        est_legale=True,
        rappels=RAPPELS_D_OUVERTURE,
    )
    lettres.declarer_recevable(petition, date_ouverture=date_ouverture)


class DeclarerIrrecevableForm(ActeForm):
    motif_irrecevabilite = champ_parmi(
        "Motif",
        MotifIrrecevabilite.objects.filter(est_actif=True),
        "Son texte est publié. Certains motifs cachent le texte de la pétition.",
        erreur="Choisissez le motif du refus.",
        vide="Choisir dans la liste",
    )
    motif = champ_texte(
        "Les raisons de la décision",
        "Reprises de la grille, à relire. Publiées avec la décision. Écrivez pour la personne qui a déposé : la raison d’abord, puis ce qu’elle peut faire.",
        maximum=4000,
        erreur="Expliquez la décision : elle est publiée avec ses raisons.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"motif": raisons_de_la_grille(self.objet)}


class DeclarerIrrecevableSansComiteForm(SansComite, DeclarerIrrecevableForm):
    pass


@acte(
    Page[Petition](
        form=DeclarerIrrecevableSansComiteForm,
        consequence="Le dossier est clos. La décision et ses raisons sont publiées et envoyées aux pétitionnaires.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_irrecevable", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def declarer_irrecevable(
    petition: Petition,
    *,
    par: Compte,
    motif_irrecevabilite: MotifIrrecevabilite,
    motif: str,
    raison_sans_comite: str = "",
) -> None:
    """Refuse the pétition, for a coded reason and the reasons of the decision, both published.

    Some coded reasons hide the text of the pétition.
    """
    pas = exiger(petition, "declarer_irrecevable", par=par)
    _clore_examen(petition, par=par)
    _decider(
        pas,
        petition,
        motif=motif,
        raison_sans_comite=raison_sans_comite,
        motif_irrecevabilite=motif_irrecevabilite,
        texte_masque=motif_irrecevabilite.masque_le_texte,
        **_cloture(petition),
    )
    if petition.texte_masque:
        # If the text is hidden, the joined files must be hidden too, even by direct URL.
        petition.pieces.update(est_publique=False)
    lettres.declarer_irrecevable(petition)


class TransmettreForm(ActeForm):
    autorite_competente = champ_ligne(
        "Autorité compétente",
        "Par exemple : le Département, une commune, un syndicat.",
        maximum=160,
        erreur="Dites à quelle autorité la pétition est transmise.",
    )
    courriel = champ_courriel(
        "Son adresse de courriel",
        "La pétition y est envoyée. Sans adresse, envoyez-la vous-même par la poste.",
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi cette autorité",
        "Publié avec la décision et repris dans les lettres.",
        lignes=4,
        maximum=2000,
        requis=False,
    )


class TransmettreSansComiteForm(SansComite, TransmettreForm):
    pass


@acte(
    Page[Petition](
        form=TransmettreSansComiteForm,
        consequence=ici_plus_tard(
            "Le dossier est clos à la {metropole} : l’autorité compétente répond aux pétitionnaires, qui en sont avertis."
        ),
        apercu=lambda p, reponses: lettre_de_decision("transmettre", p, reponses, None),
        **DECISION,
    )
)
@transaction.atomic
def transmettre(
    petition: Petition,
    *,
    par: Compte,
    autorite_competente: str,
    courriel: str = "",
    motif: str = "",
    raison_sans_comite: str = "",
) -> None:
    """Transmit the pétition to the competent authority, and tell its authors (CRPA L114-2).

    `courriel`: address of the authority; without it, the service sends the pétition by other means.
    """
    pas = exiger(petition, "transmettre", par=par)
    _clore_examen(petition, par=par)
    _decider(
        pas,
        petition,
        motif=motif,
        raison_sans_comite=raison_sans_comite,
        details={"autorite": autorite_competente, "courriel": courriel},
        autorite_competente=autorite_competente,
        **_cloture(petition),
    )
    lettres.transmettre(petition, courriel=courriel)


def _clore_examen(petition: Petition, *, par: Compte) -> None:
    """Cancel the open demandes, resume the clock, and mark the legal échéance as met."""
    clore_attentes(petition, par=par, motif="La décision de recevabilité est prise.")
    faire_echeance(petition, "recevabilite")


def _decider(
    pas: Pas,
    petition: Petition,
    *,
    motif: str,
    raison_sans_comite: str,
    details: Mapping[str, Any] | None = None,
    **champs: Any,
) -> None:
    seance = _seance_qui_decide(petition)
    if seance is None and not raison_sans_comite:
        raise ValidationError({"raison_sans_comite": SANS_COMITE})
    decidee_le = timezone.now()
    jours = jours_entre(petition.deposee_le, decidee_le) if petition.deposee_le else None
    # `motif` of avancer goes to the journal; the public page reads the field of the row.
    pas.avancer(
        motif=motif,
        details={"jours": jours, **(details or {})},
        champs={
            "decidee_le": decidee_le,
            "motif": motif,
            "decidee_en_seance": seance,
            "raison_sans_comite": "" if seance else raison_sans_comite,
            **champs,
        },
    )


def _seance_qui_decide(petition: Petition) -> Seance | None:
    """Return the séance that is taking this decision: it has just written it on its point."""
    lien = petition.liens_points.exclude(decision="").select_related("point__seance").order_by("-pk").first()
    return lien.point.seance if lien is not None else None


def _cloture(petition: Petition) -> dict[str, Any]:
    annuler_echeance(petition)
    return {
        "est_publie": True,
        "clos_le": timezone.now(),
        "conservation_jusqu_au": ajouter_mois(
            timezone.localdate(), petition.reglement.conservation_sans_seuil_mois
        ),
    }


JOURS_DE_REPONSE = 15


def lignes_de_grille(form: ActeForm, criteres: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the fields of each criterion, for the page."""
    return [
        {
            "critere": critere,
            "appreciation": form[f"appreciation_{critere.pk}"],
            "motif": form[f"motif_{critere.pk}"],
        }
        for critere in criteres
    ]


def exiger_les_raisons(form: ActeForm, reponses: Mapping[str, Any], criteres: Iterable[Any]) -> None:
    """Add an error to each reason that is missing."""
    for critere in criteres:
        a_motiver = reponses.get(f"appreciation_{critere.pk}") in {
            Appreciation.NON_REMPLI,
            Appreciation.A_REFORMULER,
        }
        if a_motiver and not reponses.get(f"motif_{critere.pk}"):
            form.add_error(f"motif_{critere.pk}", f"Dites pourquoi, pour le critère « {critere} ».")
