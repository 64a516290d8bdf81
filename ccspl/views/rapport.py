"""The yearly report: its data read on the page, its two texts, its PDF frozen once stopped, then published."""

from django.db.models import Min
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ccspl.actions import vie as actions
from ccspl.forms.vie import AnneeForm, RedigerRapportForm
from ccspl.lectures.indicateurs.rapport import donnees_du_rapport
from ccspl.models import INSTANCE, RapportAnnuel, ReglementCommission
from participation.seances.models import Seance
from participation.seances.views.formulaires import page_formulaire
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Document
from participation.socle.versions import TexteDepasse
from participation.socle.views.actes import sans_ecraser
from participation.socle.workflow import Role


def annees() -> list[int]:
    """This year first: its report can be looked at as it grows."""
    courante = timezone.localdate().year
    debut = Seance.objects.filter(instance__cle=INSTANCE).aggregate(n=Min("debut"))["n"]
    premiere = min(timezone.localdate(debut).year if debut else courante, courante - 1)
    return list(range(courante, premiere - 1, -1))


@reserve_a(Role.AGENT, Role.ELU)
def rapport_annuel(request: RequeteConnectee) -> HttpResponse:
    """The year of the commission. Once stopped, the page shows what the PDF says, not what the data became."""
    form = AnneeForm(request.GET or None, annees=annees(), choisie=timezone.localdate().year - 1)
    annee = form.annee_choisie()
    rapport = RapportAnnuel.objects.filter(annee=annee).select_related("document").first() or RapportAnnuel(
        annee=annee
    )
    document = rapport.document
    est_arrete = rapport.arrete_le is not None
    donnees = document.donnees if est_arrete and document else donnees_du_rapport(annee)
    return render(
        request,
        "ccspl/vie/rapport.html",
        {
            "app": "ccspl",
            "form": form,
            "rapport": rapport,
            "document": document,
            "est_pret": document is not None and document.etat == Document.Etat.PRET,
            "textes_changes": document is not None
            and not est_arrete
            and document.donnees.get("empreinte_des_textes") != actions.empreinte_des_textes(rapport),
            "limite": ReglementCommission.actuel().limite_du_rapport(annee),
            **donnees,
            "annee": annee,
            "introduction": rapport.introduction,
            "conclusions": rapport.conclusions,
        },
    )


def _exiger_annee(annee: int) -> None:
    if annee not in annees():
        raise Http404


def _retour(annee: int) -> str:
    return f"{reverse('ccspl:rapport_annuel')}?annee={annee}"


def _fil(annee: int) -> list[str]:
    return ["Vie de la commission", reverse("ccspl:vie"), f"Rapport d’activité {annee}", _retour(annee)]


@reserve_a(Role.AGENT)
def rediger_rapport(request: RequeteConnectee, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    rapport = RapportAnnuel.objects.filter(annee=annee).first() or RapportAnnuel(annee=annee)
    form = RedigerRapportForm(request.POST or None, rapport=rapport)

    def agir(reponses: dict[str, str]) -> object:
        try:
            return actions.rediger_rapport(annee, par=request.user, **reponses)
        except TexteDepasse:
            # Two may begin the same year: what the page compares with is what is kept now.
            actuel = RapportAnnuel.objects.filter(annee=annee).first() or RapportAnnuel(annee=annee)
            for champ in form.CHAMPS:
                setattr(rapport, champ, getattr(actuel, champ))
            raise

    return page_formulaire(
        request,
        form,
        sans_ecraser(form, rapport, form.CHAMPS, agir),
        titre="Écrire les textes",
        sur_quoi=f"Rapport d’activité {annee}",
        consequence="Le reste du rapport vient des données : séances, avis, réponses, visites.",
        succes="Les textes sont enregistrés.",
        retour=_retour(annee),
        fil=_fil(annee),
        app="ccspl",
    )


@reserve_a(Role.AGENT)
def preparer_rapport(request: RequeteConnectee, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    return page_formulaire(
        request,
        None,
        lambda reponses: actions.preparer_rapport(annee, par=request.user),
        titre="Mettre en page le rapport",
        sur_quoi=f"Rapport d’activité {annee}",
        consequence="Un PDF est fait avec les textes et les données d’aujourd’hui. Vous pourrez le refaire tant que le rapport n’est pas arrêté.",
        succes="Le rapport est en cours de fabrication. Il s’affiche ici dès qu’il est prêt.",
        retour=_retour(annee),
        fil=_fil(annee),
        app="ccspl",
    )


@reserve_a(Role.AGENT)
def arreter_rapport(request: RequeteConnectee, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    return page_formulaire(
        request,
        None,
        lambda reponses: actions.arreter_rapport(annee, par=request.user),
        titre="Arrêter le rapport",
        sur_quoi=f"Rapport d’activité {annee}",
        consequence="Ni ses textes, ni ses chiffres, ni son fichier ne changeront plus. Relisez le PDF avant.",
        succes="Le rapport est arrêté : son fichier est figé.",
        retour=_retour(annee),
        fil=_fil(annee),
        app="ccspl",
        est_dangereux=True,
    )


@reserve_a(Role.AGENT)
def publier_rapport(request: RequeteConnectee, annee: int) -> HttpResponse:
    _exiger_annee(annee)
    return page_formulaire(
        request,
        None,
        lambda reponses: actions.publier_rapport(annee, par=request.user),
        titre="Publier le rapport",
        sur_quoi=f"Rapport d’activité {annee}",
        consequence="Tout le monde pourra le lire dans la bibliothèque de la commission.",
        succes="Le rapport est publié.",
        retour=_retour(annee),
        fil=_fil(annee),
        app="ccspl",
    )
