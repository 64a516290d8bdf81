"""The verdict of who asked: sought when it is said over and once a year until then, given by a signed link.

Its word is read in the back office, then published.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.courriers import lien_sur_papier
from participation.socle.actions.moderation import decisions_sur, moderer
from participation.socle.calendrier import ajouter_mois
from participation.socle.courriels import porte
from participation.socle.courriels.retenue import due_le
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_texte
from participation.socle.forms.moderation import ModererForm
from participation.socle.francais import accorder, majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.langues import FRANCAIS
from participation.socle.models import Compte, Dossier, RaisonModeration
from participation.socle.regles.adresses import empreinte
from participation.socle.views.liens import lien_inconnu, papier_a_garder, personnelle
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from participation.suites.models import ChangementSuite, ReglementSuites, Sollicitation, Suite, Verdict
from participation.suites.regles import dit_par_la_direction
from participation.suites.rendu_compte.lectures import adresse_publique
from participation.suites.workflow import Jugement

USAGE = "suites.verdict"
JUGEMENTS = [(j.value, majuscule(j.label)) for j in Jugement]


def dire_le_mot(verdict: Verdict) -> str:
    return f"« {verdict.mot} » Dit par : {verdict.sollicitation.qualite}, sur « {verdict.suite.intitule} »."


@transaction.atomic
def solliciter(suites: Iterable[Suite], *, jour: date) -> int:
    """Ask each person who asked for these suites, by one letter each. Return how many letters were written.

    Only published suites. Who said « ne me le demandez plus » is not asked.
    """
    par_personne: dict[str, tuple[str, str, list[Suite]]] = {}
    demandees = [suite for suite in suites if suite.est_publiee and suite.dossier.est_publie]
    for suite in demandees:
        for voix in suite.dossier.enfant.voix():
            cle = empreinte(voix.courriel, USAGE)
            siennes = par_personne.setdefault(cle, (voix.courriel, voix.qualite, []))[2]
            if suite not in siennes:
                siennes.append(suite)
    Suite.objects.filter(pk__in=[suite.pk for suite in demandees]).update(verdict_demande_le=jour)
    refus = Sollicitation.objects.filter(personne__in=par_personne, refusee_le__isnull=False)
    for cle in set(refus.values_list("personne", flat=True)):
        del par_personne[cle]
    return sum(_demander(cle, *ce_qui) for cle, ce_qui in par_personne.items())


def _demander(personne: str, courriel: str, qualite: str, suites: list[Suite]) -> bool:
    demande = Sollicitation.objects.create(personne=personne, qualite=qualite)
    Verdict.objects.bulk_create(Verdict(sollicitation=demande, suite=suite) for suite in suites)
    if _dire_solliciter(demande, suites, courriel):
        return True
    demande.verdicts.all().delete()
    demande.delete()
    return False


def solliciter_chaque_annee(jour: date | None = None, *, lot: int = 500) -> int:
    """Ask about the open suites that were not asked about for `verdict_mois`. Return how many letters were written."""
    jour = jour or timezone.localdate()
    reglement = ReglementSuites.objects.en_vigueur()
    if reglement is None or reglement.verdict_mois is None:
        return 0
    avant = ajouter_mois(jour, -reglement.verdict_mois)
    dues = (
        Suite.objects.publiques()
        .ouvertes()
        .filter(
            Q(verdict_demande_le__lte=avant) | Q(verdict_demande_le__isnull=True, creee_le__date__lte=avant)
        )
        .select_related("dossier")
        .order_by("pk")[:lot]
    )
    with transaction.atomic(), due_le(jour):
        return solliciter(list(dues.select_for_update(of=["self"], skip_locked=True)), jour=jour)


@transaction.atomic
def juger(verdict: Verdict, *, par: Compte | None, jugement: str = "", mot: str = "") -> Verdict:
    """Record what she says, beside what the direction says now. Her former verdicts stay in the history.

    With a `mot` and no `jugement`, adds her word to the verdict that she gave: published once an agent read it.
    """
    pas = exiger(verdict, "juger", par=par)
    verdict.refresh_from_db()
    if jugement == verdict.jugement and not mot:
        return verdict  # a second click
    if not jugement and not verdict.jugement:
        raise ValidationError("Dites d’abord si c’est fait.")
    champs: dict[str, object] = {}
    suite = verdict.suite
    if jugement and jugement != verdict.jugement:
        siens = Verdict.objects.filter(suite=suite, est_courant=True).exclude(pk=verdict.pk)
        if personne := verdict.sollicitation.personne:
            siens.filter(sollicitation__personne=personne).update(est_courant=False)
        dit = dit_par_la_direction(suite.etat, suite.degre)
        champs |= {"jugement": jugement, "dit": dit, "donne_le": timezone.now(), "est_courant": True}
    if mot:
        champs |= {"mot": mot, "mot_lu_le": None, "mot_est_publie": False}
    libelle = Jugement(jugement or verdict.jugement).label
    pas.avancer(
        fait=f"{majuscule(verdict.sollicitation.qualite)} : {libelle}. {suite.intitule}",
        details={"suite": suite.pk, "verdict": verdict.pk, "jugement": jugement or verdict.jugement},
        est_publique=suite.est_publiee,
        champs=champs,
    )
    if "jugement" in champs:
        _retenir(verdict, par=par)
    return verdict


@acte(
    Page[Suite](
        consequence="Public, sans nom, à côté de ce que dit la direction. Noté de nouveau pour la même qualité, il remplace ce qui était dit.",
        bouton="Enregistrer",
    )
)
@transaction.atomic
def saisir_verdict(
    suite: Suite,
    *,
    par: Compte,
    qualite: Annotated[
        str, champ_ligne("Qui le dit", "Sa qualité, sans son nom : « une membre de l’Agora ».", maximum=100)
    ],
    jugement: Annotated[str, champ_choix("Son verdict", JUGEMENTS, boutons=True)],
    mot: Annotated[
        str, champ_ligne("Un mot", "Public, dans ses mots, sans nom.", maximum=600, requis=False)
    ] = "",
) -> Verdict:
    """Record what somebody without a mailbox said on paper, by phone or at a meeting."""
    pas = exiger(suite, "saisir_verdict", par=par)
    personne = empreinte(f"{suite.dossier_id} {qualite.strip().casefold()}", USAGE)
    Verdict.objects.filter(suite=suite, sollicitation__personne=personne).update(est_courant=False)
    verdict = enregistrer(
        Verdict(
            suite=suite,
            sollicitation=Sollicitation.objects.create(personne=personne, qualite=qualite),
            jugement=jugement,
            dit=dit_par_la_direction(suite.etat, suite.degre),
            donne_le=timezone.now(),
            est_courant=True,
            mot=mot,
            mot_lu_le=timezone.now() if mot else None,
            mot_est_publie=bool(mot),
        )
    )
    pas.avancer(
        fait=f"{majuscule(qualite)} : {Jugement(jugement).label}. {suite.intitule}",
        details={"suite": suite.pk, "verdict": verdict.pk, "jugement": jugement},
        est_publique=suite.est_publiee,
    )
    _retenir(verdict, par=par)
    return verdict


@acte(
    Page[Suite](
        consequence="Une feuille à donner en main propre, à qui n’a ni courriel ni siège. Son code ouvre tout ce que les mêmes "
        "personnes ont demandé : elle y dit si c’est fait. Son nom n’est pas demandé.",
        bouton="Faire la feuille",
        retour=lambda suite, demande: reverse("suites:code_sur_papier", args=[demande.pk]) if demande else "",
    )
)
@transaction.atomic
def remettre_code(
    suite: Suite,
    *,
    par: Compte,
    qualite: Annotated[
        str,
        champ_ligne(
            "À qui", "Sa qualité, publique, sans son nom : « une personne de l’association ».", maximum=100
        ),
    ],
) -> Sollicitation:
    """Make the code of somebody whom no letter reaches. She is nobody's hash: a second sheet is a second person."""
    pas = exiger(suite, "remettre_code", par=par)
    demande = Sollicitation.objects.create(qualite=qualite)
    siennes = Suite.objects.publiques().filter(
        dossier__in=suite.dossier.enfant.du_meme_demandeur().values("pk")
    )
    Verdict.objects.bulk_create(Verdict(sollicitation=demande, suite=une) for une in siennes.order_by("pk"))
    pas.avancer(details={"sollicitation": demande.pk}, est_publique=False)
    return demande


def _retenir(verdict: Verdict, *, par: Compte | None) -> None:
    dit = f"{majuscule(verdict.sollicitation.qualite)} : {Jugement(verdict.jugement).label}"[:200]
    ChangementSuite.retenir(verdict.suite, ChangementSuite.Nature.VERDICT, par=par, precision=dit)


@acte(Page[Verdict](consequence=dire_le_mot))
@transaction.atomic
def publier_mot(verdict: Verdict, *, par: Compte) -> None:
    _lire(verdict, "publier_mot", par=par, est_publie=True)


@acte(
    Page[Verdict](
        form=ModererForm,
        consequence=lambda v: f"{dire_le_mot(v)} Le verdict reste public ; le mot reste au service.",
    )
)
@transaction.atomic
def ecarter_mot(verdict: Verdict, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Keep the word for the service: the verdict itself stays public. Who said it reads why on the page of her link."""
    _lire(verdict, "ecarter_mot", par=par, est_publie=False)
    moderer(
        verdict,
        "ecarter_mot",
        dossier=verdict.suite.dossier,
        par=par,
        raison=raison,
        motif=motif,
        adresses=[],
    )


def rendre_mot(verdict: Verdict, *, par: Compte, motif: str) -> None:
    """Publish a word whose author contested and was right, in the transaction of the answer, unless she changed it since."""
    Verdict.objects.filter(pk=verdict.pk, mot_lu_le__isnull=False).update(mot_est_publie=True)


def _lire(verdict: Verdict, acte: str, *, par: Compte, est_publie: bool) -> None:
    pas = exiger(verdict, acte, par=par)
    verdict.refresh_from_db()
    if not verdict.attend_une_lecture:
        raise ErreurMetier("Ce mot a déjà été lu.")
    pas.avancer(
        details={"suite": verdict.suite_id, "verdict": verdict.pk},
        est_publique=False,
        champs={"mot_lu_le": timezone.now(), "mot_est_publie": est_publie},
    )


def ne_plus_demander(demande: Sollicitation) -> None:
    """Ask her nothing more about any suite. Idempotent."""
    Sollicitation.objects.filter(pk=demande.pk, refusee_le=None).update(refusee_le=timezone.now())
    demande.refresh_from_db()


def _dire_solliciter(demande: Sollicitation, suites: Sequence[Suite], courriel: str) -> porte.Reponse:
    dites: list[dict[str, porte.Mot]] = [
        {
            "intitule": porte.lu(suite, "intitule"),
            "titre": porte.lu(suite.dossier, "titre"),
            "est_dite_finie": int(not suite.est_ouverte),
            "depuis": timezone.localdate(suite.creee_le),
        }
        for suite in suites
    ]
    return porte.ecrire(
        "suites/solliciter",
        a=courriel,
        sujet=demande,
        cle=f"verdict:{demande.pk}",
        mots={
            "suites": dites,
            "combien": len(dites),
            "lien": reverse("suites:juger", args=[demande.jeton()]),
        },
        encadre=lambda: lien_sur_papier(
            Sollicitation.LIEN, demande, "Dire si c’est fait, sans mot de passe, quand vous voulez :"
        ),
    )


class JugerForm(forms.Form):
    """One suite of the page: a button, or a word."""

    verdict = forms.IntegerField(widget=forms.HiddenInput)
    jugement = forms.ChoiceField(choices=Jugement.choices, required=False)
    mot = champ_texte("Un mot, si vous voulez", maximum=600, lignes=3, requis=False)


def _inconnu(request: HttpRequest) -> HttpResponse:
    return lien_inconnu(request, "aucune question")


@personnelle(lambda jeton: Sollicitation.LIEN.trouver(jeton, Sollicitation.objects.all()), _inconnu)
def page_pour_juger(request: HttpRequest, demande: Sollicitation, jeton: str) -> HttpResponse:
    """A GET saves nothing, since mail scanners open links. A button saves the verdict; a word may follow."""
    verdicts = {
        verdict.pk: verdict
        for verdict in demande.verdicts.select_related("suite__direction", "suite__dossier").order_by("pk")
    }
    form = JugerForm(request.POST or None)
    if request.method == "POST":
        if "arret" in request.POST:
            ne_plus_demander(demande)
            return redirect(request.path)
        verdict = verdicts.get(form.cleaned_data["verdict"]) if form.is_valid() else None
        if (
            verdict is not None
            and form.cleaned_data["mot"]
            and verdict.mot not in {"", form.cleaned_data["mot"]}
        ):
            form.add_error("mot", "Vous nous avez déjà envoyé un mot : le second n’est pas gardé.")
        elif verdict is not None and (form.cleaned_data["jugement"] or verdict.jugement):
            juger(verdict, par=None, jugement=form.cleaned_data["jugement"], mot=form.cleaned_data["mot"])
            return redirect(f"{request.path}#v{verdict.pk}")
    dossiers = Dossier.objects.enfants_de({v.suite.dossier_id for v in verdicts.values()})
    ecartes = decisions_sur(
        verdict for verdict in verdicts.values() if verdict.mot and not verdict.mot_est_publie
    )
    lignes = [
        (
            verdict,
            ecartes.get(verdict.pk),
            dossiers[verdict.suite.dossier_id],
            adresse_publique(dossiers[verdict.suite.dossier_id]),
        )
        for verdict in verdicts.values()
        if verdict.suite.est_publiee and verdict.suite.dossier.est_publie
    ]
    return render(
        request,
        "suites/juger.html",
        {"demande": demande, "lignes": lignes, "choix": Jugement.choices, "form": form},
        status=422 if form.errors else 200,
    )


@reserve_a(Role.AGENT)
@never_cache
@require_safe
def code_sur_papier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The sheet just made by `remettre_code`: its code, where to type it, what it opens."""
    demande = get_object_or_404(Sollicitation.remises_ce_jour(), pk=pk)
    suites = demande.verdicts.order_by("suite").values_list("suite", "suite__intitule")
    premiere = suites[0]
    return papier_a_garder(
        request,
        Sollicitation.LIEN,
        demande,
        titre="Dire si c’est fait",
        lignes=[
            f"Ce code ouvre {accorder(len(suites), 'demande')}, et ce que la direction en dit. Dites si c’est fait, quand vous "
            "voulez : votre verdict est public, sans votre nom."
        ],
        langue=FRANCAIS,
        app="metropole",
        retour=(f"Revenir à « {premiere[1]} »", reverse("suites:suite", args=[premiere[0]])),
    )
