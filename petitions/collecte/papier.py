"""Paper signatures: numbered sheets are printed, entered line by line, and checked by another agent."""

import random
from typing import Annotated, Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import avancer, consigner, enregistrer, exiger
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_case, champ_choix, champ_nombre, champ_texte
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.protocole import ferme
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Document, ReglageService, Restauration
from participation.socle.views.pages import Page, acte, essayer
from participation.socle.workflow import Role
from petitions.copetitionnaires.feuilles import LigneDeFeuilleForm
from petitions.models import FeuillePapier, Petition, Signature
from petitions.signatures.regles import nom_canonique
from petitions.trouver import petition_du_bureau

LIGNES, LIGNES_EN_GROS = 12, 5  # lines of the printed sheet


DEMANDE_COURTE = 700  # characters that fit above the lines


RESSEMBLANCE = 0.6


E = FeuillePapier.Etat


@transaction.atomic
def imprimer_feuilles(petition: Petition, *, par: Compte, nombre: int, en_gros: bool = False) -> Document:
    """Number new sheets and ask for their PDF.

    Each sheet holds the full demand, where to return it and until when. A short demand is above the lines, a
    long one on a page of its own, at the front. The QR code next to « signer en ligne » opens the form; the
    one at the foot opens the entry page of agents.
    """
    pas = exiger(petition, "imprimer_feuilles", par=par)
    derniere = petition.feuilles.order_by("-numero").first()
    premier = Restauration.objects.numero_apres(
        derniere.numero if derniere else 0, donne_le=derniere.imprimee_le if derniere else petition.cree_le
    )
    feuilles = FeuillePapier.objects.bulk_create(
        FeuillePapier(petition=petition, numero=premier + rang) for rang in range(nombre)
    )
    pas.avancer(fait=accorder(nombre, "feuille de signatures imprimée", "feuilles de signatures imprimées"))
    signer = settings.SITE_URL + reverse("petitions:signer", args=[petition.pk])
    service = ReglageService.actuel()
    return demander_document(
        nature="petitions/feuille",
        titre=f"Feuilles de signatures {premier} à {premier + nombre - 1}",
        dossier=petition,
        par=par,
        donnees={
            "lignes": list(range(1, (LIGNES_EN_GROS if en_gros else LIGNES) + 1)),
            "en_gros": en_gros,
            "age": petition.reglement.age_minimum,
            "adresse": signer,
            "qr_signer": code_qr(signer),
            "est_longue": en_gros
            or len(petition.demande) > DEMANDE_COURTE
            or petition.demande.count("\n") > 3,
            "retour": service.adresse_postale,
            "contact": service.contact,
            "feuilles": [
                {
                    "numero": feuille.numero,
                    "qr": code_qr(settings.SITE_URL + reverse("petitions:saisir_feuille", args=[feuille.pk])),
                }
                for feuille in feuilles
            ],
        },
    )


def code_qr(adresse: str) -> str:
    return segno.make(adresse, error="m", micro=False).svg_data_uri(scale=3, border=1)


def doublons_possibles(petition: Petition, *, prenom: str, nom: str, commune: Commune) -> list[Signature]:
    """Return up to five signatures with a similar name in the same commune, most similar first."""
    return list(
        Signature.objects.filter(
            petition=petition, commune=commune, etat__in=[Signature.Etat.CONFIRMEE, Signature.Etat.DEMANDEE]
        )
        .annotate(ressemblance=TrigramSimilarity("nom_canonique", nom_canonique(prenom, nom)))
        .filter(ressemblance__gte=RESSEMBLANCE)
        .select_related("feuille", "commune")
        .order_by("-ressemblance", "pk")[:5]
    )


@transaction.atomic
def saisir_ligne(
    feuille: FeuillePapier,
    *,
    par: Compte,
    prenom: str,
    nom: str,
    commune: Commune,
    qualite: str,
    ligne: int | None = None,
    malgre_doublon: bool = False,
) -> Signature:
    """Enter a line: the given line of the sheet, or the next one.

    Raises ErreurMetier when the line is already entered, or when a similar signature exists and
    `malgre_doublon` is false.
    """
    exiger(feuille, "saisir_ligne", par=par)
    if ligne is not None and feuille.lignes.filter(ligne=ligne).exists():
        raise ErreurMetier(f"La ligne {ligne} est déjà saisie : effacez-la d’abord.")
    if not malgre_doublon and doublons_possibles(feuille.petition, prenom=prenom, nom=nom, commune=commune):
        raise ErreurMetier(
            "Une signature ressemblante existe dans cette commune : vérifiez, puis confirmez la ligne."
        )
    if feuille.etat == E.IMPRIMEE:
        feuille.etat, feuille.saisie_par = E.EN_SAISIE, par
        feuille.save(update_fields=["etat", "saisie_par"])
    return Signature.objects.create(
        petition=feuille.petition,
        feuille=feuille,
        ligne=ligne or ligne_suivante(feuille),
        prenom=prenom,
        nom=nom,
        nom_canonique=nom_canonique(prenom, nom),
        commune=commune,
        qualite=qualite,
        origine=Signature.Origine.PAPIER,
    )


def ligne_suivante(feuille: FeuillePapier) -> int:
    return (feuille.lignes.aggregate(n=Max("ligne"))["n"] or 0) + 1


def lignes_vides(feuille: FeuillePapier) -> list[int]:
    """Return the numbers without entry before the last line: deleted, or left blank on the sheet."""
    prises = {ligne.ligne or 0 for ligne in feuille.lignes.only("ligne")}
    return [n for n in range(1, max(prises, default=0)) if n not in prises]


@acte(
    Page[FeuillePapier](
        succes=lambda _, ligne: f"Ligne {ligne} effacée. Son numéro reste libre.", en_un_clic=True
    )
)
@transaction.atomic
def effacer_ligne(
    feuille: FeuillePapier, *, par: Compte, ligne: Annotated[int, forms.IntegerField(min_value=1)]
) -> int:
    """Delete a line. Its number stays free, to be entered again under the number of the sheet."""
    exiger(feuille, "effacer_ligne", par=par)
    feuille.lignes.filter(ligne=ligne).delete()
    return ligne


@acte(
    Page[FeuillePapier](
        succes="La saisie est close : un collègue contrôle les lignes tirées au hasard.",
        retour=lambda feuille, _: reverse("petitions:feuilles", args=[feuille.petition_id]),
        en_un_clic=True,
    )
)
@transaction.atomic
def clore_saisie(feuille: FeuillePapier, *, par: Compte) -> FeuillePapier:
    """End the entry and draw at random the lines that another agent checks against the sheet."""
    exiger(feuille, "clore_saisie", par=par)
    lignes = list(feuille.lignes.order_by("ligne").values_list("ligne", flat=True))
    if not lignes:
        raise ErreurMetier("Aucune ligne n’est saisie.")
    part = feuille.petition.reglement.part_controle_papier
    combien = max(1, -(-len(lignes) * part // 100))
    feuille.lignes_a_controler = sorted(random.SystemRandom().sample(lignes, combien))
    feuille.etat, feuille.saisie_close_le, feuille.motif_rejet = E.A_CONTROLER, timezone.now(), ""
    feuille.save(update_fields=["lignes_a_controler", "etat", "saisie_close_le", "motif_rejet"])
    return feuille


@transaction.atomic
def valider_feuille(feuille: FeuillePapier, *, par: Compte, conformes: set[int]) -> None:
    """Validate the sheet: its signatures count.

    Raises ErreurMetier unless every line drawn is in `conformes`.
    """
    exiger(feuille, "valider_feuille", par=par)
    manquantes = set(feuille.lignes_a_controler) - conformes
    if manquantes:
        raise ErreurMetier(
            "Une ligne tirée au hasard n’est pas cochée. Si elle est conforme au papier, cochez-la ; sinon, "
            "renvoyez la feuille à la saisie, ou rejetez-la."
        )
    maintenant = timezone.now()
    nombre = feuille.lignes.filter(etat=Signature.Etat.DEMANDEE).update(
        etat=Signature.Etat.CONFIRMEE, confirmee_le=maintenant
    )
    _decider(feuille, E.VALIDEE, par=par)
    avancer(
        feuille.petition,
        "valider_feuille",
        par=par,
        details={"feuille": feuille.numero, "signatures": nombre, "controlees": feuille.lignes_a_controler},
    )


@transaction.atomic
def renvoyer_feuille(feuille: FeuillePapier, *, par: Compte, motif: str) -> None:
    """Send the sheet back to the entry, with the reason: a line is wrong."""
    exiger(feuille, "renvoyer_feuille", par=par)
    feuille.etat, feuille.motif_rejet, feuille.saisie_close_le = E.EN_SAISIE, motif, None
    feuille.lignes_a_controler = []
    feuille.save()
    consigner(
        feuille.petition,
        "renvoyer_feuille",
        par=par,
        fait=f"Feuille n° {feuille.numero} renvoyée à la saisie",
        motif=motif,
    )


@transaction.atomic
def rejeter_feuille(feuille: FeuillePapier, *, par: Compte, motif: str) -> None:
    """Reject the sheet: its signatures never count."""
    exiger(feuille, "rejeter_feuille", par=par)
    feuille.lignes.filter(etat=Signature.Etat.DEMANDEE).update(etat=Signature.Etat.INVALIDEE)
    feuille.motif_rejet = motif
    _decider(feuille, E.REJETEE, par=par)
    consigner(
        feuille.petition, "rejeter_feuille", par=par, fait=f"Feuille n° {feuille.numero} rejetée", motif=motif
    )


def _decider(feuille: FeuillePapier, etat: str, *, par: Compte) -> None:
    enregistrer(feuille, etat=etat, controlee_par=par, controlee_le=timezone.now())


class ImprimerForm(forms.Form):
    nombre = champ_nombre(
        "Feuilles à imprimer",
        "Douze lignes par feuille. Chaque feuille a son numéro. Une longue demande prend le recto : imprimez recto verso.",
        minimum=1,
        maximum=50,
        initial=5,
    )
    en_gros = champ_case(
        "En gros caractères",
        f"{LIGNES_EN_GROS} lignes par feuille ; la demande prend le recto.",
        requis=False,
    )


class LigneForm(LigneDeFeuilleForm):
    """One line of a sheet of signatures, numbered as on paper: the next one, or one that was deleted."""

    ligne = champ_nombre(
        "Ligne",
        minimum=1,
        maximum=99,
        erreur="Écrivez le numéro de la ligne.",
        messages={"invalid": "Écrivez le numéro de la ligne."},
        attributs={"autocomplete": "off"},
    )
    field_order = ("ligne", "prenom", "nom", "commune", "qualite", "malgre_doublon")


class LigneDeLotForm(LigneForm):
    """A row of a table of paper: it says its sheet, as printed on it."""

    feuille = champ_nombre("Feuille", minimum=1)
    malgre_doublon = None  # type: ignore[assignment]  # not asked of a table: whoever looks alike is entered by hand

    def __init__(self, petition: Petition, *args: Any, **kwargs: Any) -> None:
        self.petition = petition
        super().__init__(*args, **kwargs)

    def clean_feuille(self) -> FeuillePapier:
        numero = self.cleaned_data["feuille"]
        feuille = self.petition.feuilles.filter(numero=numero).first()
        if feuille is None:
            raise forms.ValidationError(f"Aucune feuille n° {numero} n’a été imprimée pour cette pétition.")
        return feuille


def saisir_du_lot(form: LigneDeLotForm, *, par: Compte) -> Signature:
    """Enter a row of a table as a line of its sheet, which another agent checks before it counts."""
    dit = {**form.cleaned_data, "commune": Commune.objects.get(pk=form.cleaned_data["commune"])}
    return saisir_ligne(dit.pop("feuille"), par=par, **dit)


class ControleForm(forms.Form):
    """Comparison of the drawn lines with the paper."""

    decision = champ_choix(
        "Décision",
        [
            ("valider", "Tout est conforme : valider la feuille"),
            ("renvoyer", "Renvoyer à la saisie"),
            ("rejeter", "Rejeter la feuille"),
        ],
        erreur="Dites ce que vous décidez.",
        boutons=True,
    )
    motif = champ_texte(
        "Motif", "Nécessaire pour renvoyer ou rejeter.", requis=False, maximum=None, lignes=10
    )

    def __init__(self, feuille: FeuillePapier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lignes = {
            str(
                ligne.ligne
            ): f"Ligne {ligne.ligne} : {str(ligne).strip() or 'nom effacé à la demande de la personne'}, {ligne.commune}"
            for ligne in feuille.lignes.filter(ligne__in=feuille.lignes_a_controler).select_related("commune")
        }
        self.fields["conformes"] = forms.TypedMultipleChoiceField(
            label="Lignes conformes au papier",
            help_text="Cochez chaque ligne dont le nom, la commune et la signature sont sur la feuille.",
            coerce=int,
            required=False,
            choices=list(lignes.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["conformes", "decision", "motif"])

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("decision") in {"renvoyer", "rejeter"} and not reponses.get("motif"):
            self.add_error("motif", "Dites pourquoi.")
        return reponses


def feuille_du_bureau(request: RequeteConnectee, pk: int) -> FeuillePapier:
    return get_object_or_404(
        FeuillePapier.objects.select_related("petition__reglement", "saisie_par", "controlee_par").filter(
            petition__in=Petition.objects.visibles_par(request.user)
        ),
        pk=pk,
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def feuilles(request: RequeteConnectee, pk: int) -> HttpResponse:
    """List of the sheets of a pétition, and form to print new ones."""
    petition = petition_du_bureau(request, pk)
    form = ImprimerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            imprimer_feuilles(petition, par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            messages.success(
                request, "Les feuilles se préparent : le PDF arrive dans les documents du dossier."
            )
            return redirect("petitions:feuilles", petition.pk)
    return render(
        request,
        "petitions/papier/feuilles.html",
        {
            "petition": petition,
            "form": form,
            "feuilles": petition.feuilles.select_related("saisie_par", "controlee_par"),
            "documents": petition.documents.filter(nature="petitions/feuille")[:5],
            "Etat": FeuillePapier.Etat,
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def feuille_a_valider(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Button of the dossier: redirects to the sheets to check."""
    return redirect(reverse("petitions:feuilles", args=[petition_du_bureau(request, pk).pk]) + "#t-controler")


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def saisir_feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Entry line after line, by keyboard; redirects to the check when the sheet is closed to entry."""
    feuille = feuille_du_bureau(request, pk)
    if not feuille.permet("saisir_ligne", request.user):
        controle = reverse("petitions:controler_feuille", args=[feuille.pk])
        return ferme(request, "La saisie de cette feuille est finie : elle ne prend plus de ligne.", controle)
    derniere = feuille.lignes.order_by("-ligne").first()
    vides = lignes_vides(feuille)
    demandee = request.GET.get("ligne", "")
    suivante = ligne_suivante(feuille)
    prochaine = int(demandee) if demandee in {str(n) for n in vides} else suivante
    form = LigneForm(
        request.POST if request.method == "POST" else None,
        initial={"commune": derniere.commune_id if derniere else "", "ligne": prochaine},
    )
    doublons = []
    if form.is_valid():
        reponses = {**form.cleaned_data, "commune": Commune.objects.get(pk=form.cleaned_data["commune"])}
        essayer(form, lambda: saisir_ligne(feuille, par=request.user, **reponses))
        if not form.errors:
            return redirect("petitions:saisir_feuille", feuille.pk)
        doublons = doublons_possibles(
            feuille.petition, prenom=reponses["prenom"], nom=reponses["nom"], commune=reponses["commune"]
        )
        if doublons:
            form.demander_verification()
    return render(
        request,
        "petitions/papier/saisir_feuille.html",
        {
            "feuille": feuille,
            "petition": feuille.petition,
            "form": form,
            "doublons": doublons,
            "lignes": feuille.lignes.select_related("commune").order_by("-ligne"),
            "prochaine": prochaine,
            "vides": vides,
        },
    )


def decider(feuille: FeuillePapier, par: Compte, *, decision: str, motif: str, conformes: list[int]) -> None:
    if decision == "valider":
        valider_feuille(feuille, par=par, conformes=set(conformes))
    elif decision == "renvoyer":
        renvoyer_feuille(feuille, par=par, motif=motif)
    else:
        rejeter_feuille(feuille, par=par, motif=motif)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def controler_feuille(request: RequeteConnectee, pk: int) -> HttpResponse:
    feuille = feuille_du_bureau(request, pk)
    form = ControleForm(feuille, request.POST if request.method == "POST" else None)
    if form.is_valid():
        essayer(form, lambda: decider(feuille, request.user, **form.cleaned_data))
        if not form.errors:
            messages.success(request, f"Feuille n° {feuille.numero} : {feuille.get_etat_display()}.")
            return redirect("petitions:feuilles", feuille.petition_id)
    return render(
        request,
        "petitions/papier/controler_feuille.html",
        {
            "feuille": feuille,
            "petition": feuille.petition,
            "form": form,
            "lignes": feuille.lignes.select_related("commune").order_by("ligne"),
            "peut_controler": not feuille.obstacles("valider_feuille", request.user),
            "Etat": FeuillePapier.Etat,
        },
    )
