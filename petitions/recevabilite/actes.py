"""Examination of a petition: grid, comité, decision, reformulation."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import demander, enregistrer, exiger, repondre_demande
from participation.socle.actions.demandes import LISTE_DU_MATIN
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Demande, Direction
from participation.socle.regles.textes import sans_controle
from participation.socle.regles.versions import exiger_version
from participation.socle.views.pages import Page, acte
from petitions.copetitionnaires.textes import prevenir_du_changement, retenir_le_texte
from petitions.models import Deport, ExamenCritere, Petition
from petitions.recevabilite import lettres
from petitions.recevabilite.decisions import exiger_les_raisons, lignes_de_grille
from petitions.recevabilite.lectures import petitions_proches
from petitions.workflow import Appreciation

GARDE_MAX = 5000  # characters of each text kept before it is sent


# Acts of the comité
def contexte_examen(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition, "proches": petitions_proches(petition)}


def contexte_petition(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition}


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
        enregistrer(examen, appreciation=appreciation, motif=motif, par=par, le=timezone.now())
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
    enregistrer(Deport(petition=petition, compte=par, motif=motif))
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
        cles = [*self.objet.communes.values_list("pk", flat=True), self.objet.commune_auteur_id]
        siennes = Commune.objects.filter(pk__in=cles)
        self.choisir("communes", siennes)
        self.choisir("autre_commune", Commune.objects.exclude(pk__in=cles))

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
        consequence=f"Chaque direction et chaque commune reçoit une lettre avec un lien pour répondre. {LISTE_DU_MATIN} Le délai du comité continue de courir.",
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


JOURS_DE_REPONSE = 15
