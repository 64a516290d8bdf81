"""The cahier d’acteur: asked for, proved by its organisation, deposited or entered by an agent, published or not."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.cadres.models import Cahier, ReglementCadres
from participation.cadres.models.cahiers import avant_de_deposer, recoit_des_cahiers
from participation.cadres.workflow import EtatCahier
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.actions.moderation import decisions_sur, moderer
from participation.socle.actions.pieces import joindre, retirer_piece
from participation.socle.actions.preuves import demandeur
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    ChampPdf,
    champ_case,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_piege,
    champ_texte,
)
from participation.socle.forms.moderation import ModererForm
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import jour_texte
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique
from participation.socle.http.protocole import Ensuite
from participation.socle.models import Compte, Dossier, Piece, RaisonModeration
from participation.socle.regles.versions import est_pareil, exiger_version
from participation.socle.views.liens import personnelle
from participation.socle.views.pages import Page, acte, essayer
from participation.socle.views.preuves import PreuveParCourriel


class DemanderForm(ActeForm):
    organisation = champ_ligne("Organisation", maximum=160, erreur="Nommez l’organisation.")
    courriel = champ_courriel(
        "Adresse de courriel", "Elle y reçoit le lien pour déposer son cahier. Elle n’est jamais publiée."
    )


class DemanderEnLigneForm(DemanderForm):
    """Asked on the public page. `site`: filled in by a program."""

    site = champ_piege()

    def preparer(self) -> None:
        self.fields["organisation"].label = "Votre organisation"
        self.fields[
            "courriel"
        ].help_text = "Vous y recevez le lien pour déposer votre cahier. Elle n’est jamais publiée."


class DeposerForm(ActeForm):
    resume = champ_texte("Résumé", "Public : ce que vous demandez, et pourquoi.", maximum=3000, lignes=8)
    fichier: Any = ChampPdf(label="Document", help_text="Un PDF.")
    accord = champ_case(
        "Notre organisation accepte que ce résumé et ce document soient publiés, avec son nom.",
        erreur="Sans cet accord, le cahier ne peut pas être reçu.",
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        dit.pop("accord", None)
        return dit


class DeposerEnLigneForm(DeposerForm):
    """Several people of an organisation may have its link."""

    SURVEILLES = ("resume",)

    def preparer(self) -> None:
        if self.objet.piece is not None:
            self.fields["fichier"].required = False
            self.fields["fichier"].help_text = f"Un PDF, pour remplacer « {self.objet.piece.nom} »."


class SaisirForm(DeposerForm):
    field_order = ("organisation", "courriel", "resume", "fichier", "accord")

    organisation = champ_ligne("Organisation", maximum=160, erreur="Nommez l’organisation.")
    courriel = champ_courriel(
        "Adresse de courriel", "Si elle en a donné une : elle y apprend s’il est publié.", requis=False
    )

    def preparer(self) -> None:
        self.fields["accord"].label = "L’organisation accepte que son cahier soit publié, avec son nom."


@acte(
    Page[Dossier](
        consequence="La page publique le dit aux organisations, qui y demandent leur lien. Un jour plus proche les arrête plus tôt.",
        bouton="Enregistrer",
        retour="#cahiers",
    )
)
@transaction.atomic
def recevoir_cahiers(
    dossier: Dossier,
    *,
    par: Compte,
    cahiers_jusqu_au: Annotated[date, champ_jour("Jusqu’au", "Compris."), ACTUEL],
) -> None:
    """Ask organisations for their cahiers until this day, or change it. Raises ValidationError."""
    pas = exiger(dossier, "recevoir_cahiers", par=par)
    if cahiers_jusqu_au < timezone.localdate():
        raise ValidationError({"cahiers_jusqu_au": "Ce jour est déjà passé."})
    fait = f"Cahiers d’acteurs reçus jusqu’au {jour_texte(cahiers_jusqu_au)}"
    pas.avancer(champs={"cahiers_jusqu_au": cahiers_jusqu_au}, fait=fait)


@acte(
    Page[Dossier](
        form=DemanderForm,
        consequence="Elle reçoit un lien, qui s’ouvre sans compte, pour déposer un résumé et un PDF.",
        bouton="Envoyer le lien",
        retour="#cahiers",
    )
)
@transaction.atomic
def demander_cahier(dossier: Dossier, *, par: Compte | None, organisation: str, courriel: str) -> Cahier:
    """Write to the address; the same answer whether it is known already. What was deposited does not change."""
    pas = exiger(dossier, "demander_cahier", par=par)
    cahier = demandeur(Cahier, courriel.strip().lower(), dossier_id=dossier.pk)
    # Who knows a proved address does not name the organisation again.
    if cahier.etat == EtatCahier.ATTENDU and (par is not None or not cahier.est_prouvee):
        enregistrer(cahier, organisation=organisation, demande_le=timezone.now())
    if par is not None:  # what a stranger asks is written once she proved her address
        pas.avancer()
    _dire_demander_cahier(cahier, par=par)
    return cahier


@transaction.atomic
def confirmer_cahier(cahier: Cahier) -> None:
    """Prove the address. Safe to call twice."""
    if not cahier.est_prouvee:
        avancer(cahier, "confirmer_cahier", par=None, champs={"confirme_le": timezone.now()})


@transaction.atomic
def deposer_cahier(cahier: Cahier, *, resume: str, fichier: UploadedFile | None = None, vu: str = "") -> None:
    """Deposit it, or replace what was deposited until an agent reads it; without `fichier`, its document stays.

    Raises ValidationError.
    """
    pas = exiger(cahier, "deposer_cahier", par=None)
    cahier.refresh_from_db(fields=["etat", "resume", "piece"])
    if not est_pareil(cahier.resume, resume):  # not a second click
        exiger_version(cahier, {"resume": resume}, vu)
    piece = cahier.piece
    if fichier is not None:
        ancienne, piece = piece, _joindre(cahier, fichier, par=None)
        if ancienne is not None and ancienne != piece:
            retirer_piece(ancienne, par=None)
    pas.avancer(
        champs={"etat": EtatCahier.A_LIRE, "resume": resume, "piece": piece, "consenti_le": timezone.now()}
    )
    _a_lire(cahier)


@acte(
    Page[Dossier](
        form=SaisirForm,
        consequence="Il se lit, puis se publie, comme ceux que les organisations déposent.",
        retour="#cahiers",
    )
)
@transaction.atomic
def saisir_cahier(
    dossier: Dossier,
    *,
    par: Compte,
    organisation: str,
    resume: str,
    fichier: UploadedFile,
    courriel: str = "",
) -> Cahier:
    """Enter what came on paper or by mail. Raises ValidationError."""
    pas = exiger(dossier, "saisir_cahier", par=par)
    cahier = enregistrer(
        Cahier(
            dossier=dossier,
            organisation=organisation,
            courriel=courriel.strip().lower(),
            confirme_le=timezone.now(),
        )
    )
    enregistrer(
        cahier,
        piece=_joindre(cahier, fichier, par=par),
        etat=EtatCahier.A_LIRE,
        resume=resume,
        consenti_le=timezone.now(),
    )
    pas.avancer()
    _a_lire(cahier)
    return cahier


def _montrer(cahier: Cahier, *, est_publique: bool) -> None:
    Piece.objects.filter(cahier=cahier).update(est_publique=est_publique)


def _joindre(cahier: Cahier, fichier: UploadedFile, *, par: Compte | None) -> Piece:
    titre, siennes = f"Cahier d’acteur : {cahier}", Piece.objects.filter(cahier=cahier)
    return joindre(cahier.dossier, fichier=fichier, titre=titre, par=par, parmi=siennes)


def _a_lire(cahier: Cahier) -> None:
    reglement = ReglementCadres.actuel()
    fixer_echeance(
        cahier.dossier,
        cahier.cle_d_echeance,
        libelle="Lire un cahier d’acteur, et le publier ou non",
        date_limite=timezone.localdate() + timedelta(days=reglement.lecture_jours),
        relances=reglement.relances,
        responsable=cahier.dossier.agent,
        page=f"{cahier.dossier.enfant.get_absolute_url()}#cahiers",
    )


@acte(
    Page[Cahier](
        consequence=lambda c: f"Public, avec son document : {c.organisation}. {c.resume}", retour="#cahiers"
    )
)
@transaction.atomic
def publier_cahier(cahier: Cahier, *, par: Compte) -> None:
    # Everybody reads this line, for ever: a name that a stranger typed is not in it.
    champs = {"etat": EtatCahier.PUBLIE}
    avancer(cahier, "publier_cahier", par=par, champs=champs, details={"cahier": cahier.pk})
    _montrer(cahier, est_publique=True)
    faire_echeance(cahier.dossier, cahier.cle_d_echeance)
    _dire("publier_cahier", cahier)


@acte(
    Page[Cahier](
        form=ModererForm,
        consequence="L’organisation reçoit la raison. Son document quitte la page publique.",
        retour="#cahiers",
    )
)
@transaction.atomic
def ecarter_cahier(cahier: Cahier, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    champs = {"etat": EtatCahier.ECARTE, "motif": motif}
    avancer(cahier, "ecarter_cahier", par=par, motif=motif, champs=champs)
    _montrer(cahier, est_publique=False)
    annuler_echeance(cahier.dossier, cahier.cle_d_echeance)
    _dire(
        "ecarter_cahier",
        cahier,
        moderation=moderer(
            cahier,
            "ecarter_cahier",
            dossier=cahier.dossier,
            par=par,
            raison=raison,
            motif=motif,
            adresses=[cahier.courriel],
        ),
    )


def rendre_cahier(cahier: Cahier, *, par: Compte, motif: str) -> None:
    """Publish a cahier whose organisation contested and was right, in the transaction of the answer."""
    cahier.etat, cahier.motif = EtatCahier.A_LIRE, ""
    cahier.save(update_fields=["etat", "motif"])
    publier_cahier(cahier, par=par)


def _dire_demander_cahier(cahier: Cahier, *, par: Compte | None) -> None:
    """Send the link that proves the address and opens the deposit, through the gate, at most once a day."""
    dossier: Any = cahier.dossier.enfant
    porte.ecrire(
        "cadres/demander_cahier",
        a=cahier.courriel,
        par=par,
        sujet=dossier,
        dossier=dossier,
        cle=f"{cahier.CLE}:{cahier.pk}:demander:{timezone.localdate():%Y%m%d}",
        mots={
            "titre": porte.lu(dossier, "titre"),
            "jusqu_au": dossier.cahiers_jusqu_au,
            "page": dossier.get_public_url(),
            "lien": reverse("cadres:confirmer_cahier", args=[cahier.jeton()]),
        },
    )


def _dire(lettre: str, cahier: Cahier, **contexte: Any) -> None:
    if not cahier.courriel:
        return
    dossier: Any = cahier.dossier.enfant
    ecrire(
        f"cadres/{lettre}",
        a=[cahier.courriel],
        dossier=cahier.dossier,
        cle=f"{cahier.CLE}:{cahier.pk}:{lettre}-{timezone.now():%Y%m%d%H%M%S%f}",
        contexte={
            "cahier": cahier,
            "dossier": cahier.dossier,
            "lien": f"{dossier.get_public_url()}#cahiers",
            **contexte,
        },
    )


def publies(dossier: Any) -> Sequence[Cahier]:
    """Return the cahiers that anybody reads on this page. No query where none was asked for."""
    if getattr(dossier, "cahiers_jusqu_au", None) is None:
        return []
    return list(Cahier.objects.filter(dossier=dossier.pk, etat=EtatCahier.PUBLIE).select_related("piece"))


def _dossier(reference: str) -> Dossier:
    """Return the public dossier that asks for cahiers, or asked for them, as the row of its app; raises Http404."""
    demandes = Dossier.objects.filter(est_publie=True, cahiers_jusqu_au__isnull=False)
    trouve: Dossier = get_object_or_404(demandes, reference=reference).enfant
    return trouve


def _page(
    request: HttpRequest, gabarit: str, dossier: Dossier, statut: int = 200, **contexte: Any
) -> HttpResponse:
    contexte |= {"dossier": dossier, "recoit": recoit_des_cahiers(dossier)}
    return render(request, f"cadres/{gabarit}.html", contexte, status=statut)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposer_cahier(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the link. The answer is the same whether the address is known here or not."""
    dossier = _dossier(reference)
    form = DemanderEnLigneForm(request.POST or None, objet=dossier)
    if recoit_des_cahiers(dossier) and form.is_valid():
        demande = form.cleaned_data
        if not demande.pop("site") and limites.tenter(request, "suivre", demande["courriel"]):
            essayer(form, lambda: demander_cahier(dossier, par=None, **demande))
        if not form.errors:
            return Ensuite(reverse("cadres:cahier_demande", args=[reference]))
    return _page(request, "proposer_cahier", dossier, 422 if form.errors else 200, form=form)


@publique
@require_safe
def cahier_demande(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, "cahier_demande", _dossier(reference))


def _cahier(jeton: str) -> Cahier | None:
    return Cahier.LIEN.trouver(jeton, Cahier.objects.select_related("dossier", "piece"))


def _contexte(cahier: Cahier, jeton: Any) -> dict[str, Any]:
    return {"cahier": cahier, "dossier": cahier.dossier.enfant, "jeton": jeton}


CONFIRMER = PreuveParCourriel[Cahier](
    trouver=_cahier,
    prouver=lambda request, cahier: confirmer_cahier(cahier),
    app="cadres",
    gabarit="cadres/confirmer_cahier.html",
    contexte=_contexte,
    quoi="aucun cahier d’acteur",
    sinon="Sinon, demandez un nouveau lien depuis la page du dossier.",
    ensuite=lambda cahier: reverse("cadres:deposer_cahier", args=[cahier.jeton()]),
)


@personnelle(_cahier, CONFIRMER.inconnu)
def cahier_a_deposer(request: HttpRequest, cahier: Cahier, jeton: str) -> HttpResponse:
    """The summary and the document, changed until an agent reads them; then what became of them."""
    if not cahier.est_prouvee:
        return redirect("cadres:confirmer_cahier", jeton)
    form = DeposerEnLigneForm(request.POST or None, request.FILES or None, objet=cahier)
    ferme = " ".join(avant_de_deposer(cahier, "deposer_cahier", None))
    perdu = request.POST.get("resume", "") if ferme else ""
    if not ferme and form.is_valid():
        essayer(form, lambda: deposer_cahier(cahier, **form.cleaned_data))
        if not form.errors:
            return Ensuite(request.path)
    contexte = {
        **_contexte(cahier, jeton),
        "form": form,
        "ferme": ferme,
        "perdu": perdu,
        "est_depose": cahier.etat != EtatCahier.ATTENDU,
        "decision": decisions_sur([cahier]).get(cahier.pk) if cahier.motif else None,
    }
    statut = 409 if perdu else 422 if form.errors else 200
    return render(request, "cadres/deposer_cahier.html", contexte, status=statut)
