"""Answers that a direction gives by its signed link, without an account. An agent publishes each, or sets it aside with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_qui
from participation.socle.francais import de, instant_texte, majuscule, minuscule
from participation.socle.http.decorateurs import publique
from participation.socle.models import Compte
from participation.socle.regles.textes import sans_controle
from participation.socle.views.liens import lien_inconnu
from participation.socle.views.pages import Lettre, Page, acte, agir
from participation.suites.actes import (
    EtatForm,
    champ_long,
    changer_etat,
    choix_etats,
    exiger_arrivee,
    exiger_raison,
)
from participation.suites.degres import dire_degre
from participation.suites.lettres import ecrire_a_propos
from participation.suites.models import Preuve, ReponseDirection, Suite
from participation.suites.preuves import noter_preuve
from participation.suites.regles import degres_possibles
from participation.suites.rendu_compte.lectures import adresse_publique
from participation.suites.workflow import A_REALISER, MOTIVES, Degre, Etat

PRECISION_MAX = 200  # characters, of a change of degree


def dire_ce_qui_est_remplace(reponse: ReponseDirection) -> str:
    dit = (
        f"Au nom de la direction {reponse.direction}. La réponse est publique et envoyée aux auteurs et aux personnes qui "
        "suivent le dossier."
    )
    if (depuis := reponse.depassee_par) is None:
        return dit
    fin = (
        "Cette réponse plus ancienne ne peut pas le remplacer."
        if reponse.etat_depuis
        else f"Publier la réponse plus ancienne le remplace. {dit}"
    )
    return (
        f"Cette réponse est du {instant_texte(reponse.recue_le)}. Depuis, le {instant_texte(depuis.le)}, autre chose a été publié : "
        f"{minuscule(depuis.phrase)}. « {depuis.texte_public or depuis.motif} » {fin}"
    )


def lettre_de_la_reponse(reponse: ReponseDirection, reponses: dict[str, Any]) -> Lettre:
    suite = reponse.suite
    for champ, valeur in reponses.items():
        setattr(suite, champ, valeur)
    suite.etat = reponse.etat
    return "suites/changer_etat", {
        "suite": suite,
        "dossier": suite.dossier,
        "changement": None,
        "lien": url_publique(suite) if suite.est_publiee else "",
        "desabonnement": "",
    }


def url_publique(suite: Suite) -> str:
    """Return the address of the public page of the dossier, or "" when it is not published."""
    donner = getattr(suite.dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None and suite.dossier.est_publie else ""


class RepondreForm(EtatForm):
    """Where the suite stands and, once it was accepted, what is shown to be done: « comme aujourd’hui » says only that."""

    degre = champ_choix(
        "Ce que l’on peut montrer aujourd’hui",
        [],
        "Seulement si vous donnez une page ou un fichier qui le montre.",
        requis=False,
    )
    constate_le = champ_jour("Constaté le", "Aujourd’hui si vous laissez vide.", requis=False)
    nom = champ_qui(aide="Pour que nous sachions qui répond. Il n’est pas publié.")

    def preparer(self) -> None:
        super().preparer()
        suite, champs = self.objet, self.fields
        if suite.etat not in A_REALISER:
            del champs["degre"], champs["constate_le"]
            return
        etat, degre = champs["etat"], champs["degre"]
        assert isinstance(etat, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(degre, forms.ChoiceField)  # noqa: S101
        etat.choices = [(suite.etat, f"Comme aujourd’hui : {suite.get_etat_display()}"), *choix_etats(suite)]
        possibles = [d for d in degres_possibles(suite.etat) if d != Degre.SANS_PREUVE]
        degre.choices = [("", "Je ne le dis pas"), *((d.value, majuscule(d.label)) for d in possibles)]

    def exiger(self, dit: Mapping[str, Any]) -> None:
        if dit.get("etat") != self.objet.etat:
            super().exiger(dit)
        exiger_ce_qui_est_montre(
            self.objet, dit.get("etat", ""), dit.get("degre", ""), dit.get("adresse") or dit.get("fichier")
        )

    def initiales(self) -> dict[str, Any]:
        """Return the last answer of the direction if it was set aside, so that it is not typed again."""
        derniere = self.objet.reponses.filter(direction=self.objet.direction_id).first()
        if derniere is None or derniere.ecartee_le is None:
            return {}
        champs = (
            "degre",
            "constate_le",
            "etat",
            "texte_public",
            "motif",
            "oriente_vers",
            "date_limite",
            "adresse",
            "nom",
        )
        return {champ: getattr(derniere, champ) for champ in champs}


class RetenirForm(ActeForm):
    objet: ReponseDirection

    texte_public = champ_long("Ce qui sera publié", "Les mots de la direction : corrigez-les si besoin.")
    motif = champ_long("Pourquoi (public)", lignes=3, requis=False)
    oriente_vers = champ_ligne("Qui peut répondre (public)", maximum=160, requis=False)
    date_limite = champ_jour("Ce sera fait au plus tard le", requis=False)

    def initiales(self) -> dict[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}

    def preparer(self) -> None:
        if self.objet.etat not in MOTIVES:
            del self.fields["motif"]
        if self.objet.etat != Etat.HORS_COMPETENCE:
            del self.fields["oriente_vers"]
        if self.objet.etat not in A_REALISER:
            del self.fields["date_limite"]


class EcarterForm(ActeForm):
    raison = champ_long(
        "Pourquoi ne pas la publier", "La direction lit ces mots et peut répondre de nouveau.", lignes=4
    )


def exiger_ce_qui_est_montre(suite: Suite, etat: str, degre: str, source: object) -> None:
    """Check that a degree has its source, and that an answer says something new. Raises ValidationError."""
    if degre and not source:
        raise ValidationError({"adresse": "Donnez la page ou le fichier qui le montre."})
    if etat == suite.etat and not degre and etat in A_REALISER:
        raise ValidationError({"degre": "Dites ce que l’on peut montrer, ou un autre état de la suite."})


@transaction.atomic
def repondre_par_lien(
    suite: Suite,
    *,
    etat: str,
    nom: str,
    texte_public: str,
    motif: str = "",
    oriente_vers: str = "",
    date_limite: date | None = None,
    fichier: UploadedFile | None = None,
    adresse: str = "",
    degre: str = "",
    constate_le: date | None = None,
    direction_id: int | None = None,
) -> ReponseDirection:
    """Record the answer of the direction, for an agent to publish. `direction_id`: the direction that holds the link.

    Raises ActeInterdit when an answer already waits, when the suite is closed or given to another direction, and
    ValidationError when a field is missing or wrong.
    """
    pas = exiger(suite, "repondre_par_lien", par=None)
    if direction_id is not None and direction_id != suite.direction_id:
        raise ActeInterdit("Cette suite est maintenant confiée à une autre direction.")
    if suite.attend_une_publication:
        raise ActeInterdit("Une réponse attend déjà d’être publiée par le service participation.")
    exiger_ce_qui_est_montre(suite, etat, degre, adresse or fichier)
    if not (degre and etat == suite.etat):
        exiger_arrivee(suite, etat)
        exiger_raison(etat, motif, oriente_vers)
    if constate_le is not None and constate_le > timezone.localdate():
        raise ValidationError({"constate_le": "Cette date n’est pas encore venue."})
    if date_limite is not None and date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    piece = None
    if fichier is not None:
        piece = joindre(suite.dossier, fichier=fichier, titre=f"Preuve : {suite.intitule}"[:160], par=None)
    reponse = enregistrer(
        ReponseDirection(
            suite=suite,
            direction=suite.direction,
            etat=etat,
            texte_public=texte_public,
            motif=motif,
            oriente_vers=oriente_vers,
            date_limite=date_limite,
            nom=nom,
            piece=piece,
            adresse=adresse,
            degre=degre,
            constate_le=(constate_le or timezone.localdate()) if degre else None,
        )
    )
    pas.avancer(
        fait=f"{suite.direction} a répondu : {suite.intitule}",
        details={"suite": suite.pk, "reponse": reponse.pk, "nom": nom, "etat": etat},
    )
    # Acknowledge the answer of the direction.
    ecrire_a_propos("repondre_par_lien", reponse.suite, reponse.direction.adresses(), reponse=reponse)
    annoncer_reponse(reponse)
    return reponse


@acte(
    Page[ReponseDirection](
        form=RetenirForm,
        consequence=dire_ce_qui_est_remplace,
        apercu=lettre_de_la_reponse,
        gabarit="suites/retenir.html",
    )
)
@transaction.atomic
def retenir(
    reponse: ReponseDirection,
    *,
    par: Compte,
    texte_public: str,
    motif: str = "",
    oriente_vers: str = "",
    date_limite: date | None = None,
) -> None:
    """Publish the answer in the name of the direction, as reviewed by the agent. Its evidence becomes public."""
    exiger(reponse, "retenir", par=par)
    suite = reponse.suite
    preuve = None
    if reponse.piece is not None:
        reponse.piece.est_publique = suite.est_publiee
        reponse.piece.save(update_fields=["est_publique"])
    if reponse.piece is not None or reponse.adresse:
        preuve = noter_preuve(
            suite, intitule=f"Donné par {reponse.direction}", piece=reponse.piece, adresse=reponse.adresse
        )
    if not (reponse.degre and reponse.etat == suite.etat):
        changer_etat(
            suite,
            par=par,
            vers=reponse.etat,
            texte_public=texte_public,
            motif=motif,
            oriente_vers=oriente_vers,
            date_limite=date_limite,
            au_nom_de=str(reponse.direction),
            preuve=preuve,
        )
    _montrer(reponse, texte_public, par=par, preuve=preuve)
    reponse.retenue_le = timezone.now()
    reponse.save(update_fields=["retenue_le"])
    page = adresse_publique(reponse.suite.dossier)
    ecrire_a_propos("retenir", reponse.suite, reponse.direction.adresses(), reponse=reponse, page=page)


def _montrer(reponse: ReponseDirection, texte: str, *, par: Compte, preuve: Preuve | None) -> None:
    """Say the degree that the direction shows, if the new état allows it and did not say it already."""
    suite = reponse.suite
    if not reponse.degre or reponse.constate_le is None or reponse.degre == suite.degre:
        return
    if reponse.degre in degres_possibles(suite.etat):
        dire_degre(
            suite,
            par=par,
            degre=reponse.degre,
            constate_le=reponse.constate_le,
            precision=_en_une_phrase(texte),
            preuve=preuve,
            au_nom_de=str(reponse.direction),
        )


def _en_une_phrase(texte: str) -> str:
    """Return the first words of the text, as the precision of a degree holds them."""
    return texte if len(texte) <= PRECISION_MAX else f"{texte[: PRECISION_MAX - 1].rsplit(' ', 1)[0]}…"


@acte(
    Page[ReponseDirection](
        form=EcarterForm,
        consequence=lambda r: (
            f"{r.direction} reçoit vos raisons et peut répondre de nouveau par le même lien."
        ),
        gabarit="suites/retenir.html",
    )
)
@transaction.atomic
def ecarter(reponse: ReponseDirection, *, par: Compte, raison: str) -> None:
    """Set the answer aside. The direction receives the reason and may answer again by the same link."""
    exiger(reponse, "ecarter", par=par).avancer(
        fait=f"Réponse {de(reponse.direction.en_phrase)} écartée : {reponse.suite.intitule}",
        motif=raison,
        details={"suite": reponse.suite_id, "reponse": reponse.pk},
        champs={"ecartee_le": timezone.now(), "raison_ecart": raison},
    )
    ecrire_a_propos("ecarter", reponse.suite, reponse.direction.adresses(), reponse=reponse)


def annoncer_reponse(reponse: ReponseDirection) -> None:
    """Tell the agent who follows the dossier that an answer is to be published."""
    suite, agent = reponse.suite, reponse.suite.dossier.agent
    a = [agent.courriel] if agent is not None and agent.is_active else []
    ecrire_a_propos("annoncer_reponse", suite, a, reponse=reponse, page=suite.get_absolute_url())


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre(request: HttpRequest, jeton: str) -> HttpResponse:
    """Show the form, or what became of the suite once it is answered. Only a POST changes something."""
    trouvee = Suite.LIEN.trouver_precis(jeton, Suite.objects.select_related("dossier", "direction"))
    if trouvee is None:
        return lien_inconnu(request, "aucune suite")
    suite, direction = trouvee
    derniere = suite.reponses.select_related("piece").filter(direction=direction).first()
    if request.method != "POST":
        if not _est_ouverte(suite, direction, derniere):
            return _close(request, suite, direction, derniere)
        return _question(request, suite, derniere, RepondreForm(objet=suite))

    form = RepondreForm(request.POST, request.FILES, objet=suite)
    if not _est_ouverte(suite, direction, derniere):
        if _est_la_meme(request, derniere):
            # Second click on the same button: show that the answer was recorded.
            return redirect("suites:repondre", jeton)
        return _close(request, suite, direction, derniere, perdue=_ecrit(request), status=409)
    if form.is_valid():
        try:
            agir(par_lien(direction), suite, form, None, "repondre_par_lien")
        except ActeInterdit:
            suite.refresh_from_db()
            derniere = suite.reponses.filter(direction=direction).first()
            if _est_la_meme(request, derniere):
                return redirect("suites:repondre", jeton)
            return _close(request, suite, direction, derniere, perdue=_ecrit(request), status=409)
        if not form.errors:
            return redirect("suites:repondre", jeton)
    return _question(request, suite, derniere, form)


def par_lien(direction: int) -> Page[Suite]:
    return Page(lambda suite, par, **reponses: repondre_par_lien(suite, direction_id=direction, **reponses))


def _est_ouverte(suite: Suite, direction: int, derniere: ReponseDirection | None) -> bool:
    attend = derniere is not None and derniere.est_en_attente
    return suite.direction_id == direction and suite.est_ouverte and not attend


def _est_la_meme(request: HttpRequest, derniere: ReponseDirection | None) -> bool:
    """Whether this request repeats, word for word, the answer that already waits."""
    if derniere is None or not derniere.est_en_attente:
        return False
    return all(
        sans_controle(request.POST.get(champ, "")).replace("\r\n", "\n").strip() == getattr(derniere, champ)
        for champ in ("etat", "texte_public", "motif", "oriente_vers", "nom")
    )


def _ecrit(request: HttpRequest) -> str:
    textes = (request.POST.get(champ, "").strip() for champ in ("texte_public", "motif", "oriente_vers"))
    return "\n\n".join(texte for texte in textes if texte)


def _question(
    request: HttpRequest, suite: Suite, derniere: ReponseDirection | None, form: RepondreForm
) -> HttpResponse:
    return render(
        request,
        "suites/repondre.html",
        {
            "suite": suite,
            "dossier": suite.dossier,
            "url_publique": url_publique(suite),
            "a_lire": suite.dossier.enfant.a_lire(),
            "ecartee": derniere if derniere is not None and derniere.ecartee_le else None,
            "form": form,
        },
    )


def _close(
    request: HttpRequest,
    suite: Suite,
    direction: int,
    derniere: ReponseDirection | None,
    *,
    perdue: str = "",
    status: int = 200,
) -> HttpResponse:
    """Page of a suite that expects no answer. `perdue`: text just typed, shown so that it can be copied."""
    return render(
        request,
        "suites/repondre_close.html",
        {
            "suite": suite,
            "dossier": suite.dossier,
            "reponse": derniere,
            "est_ailleurs": suite.direction_id != direction,
            "url_publique": url_publique(suite),
            "perdue": perdue,
        },
        status=status,
    )
