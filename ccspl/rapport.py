"""The yearly report: the état des travaux as data, its texts, its PDF, frozen when it is arrêté, then published."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ccspl.models import INSTANCE, Avis, Preconisation, RapportAnnuel, ReglementCommission
from ccspl.resume import rencontres
from ccspl.tableau.avis import bilan, rendus
from ccspl.tableau.presence import PresenceCollege, presence_par_college, seances_tenues, sieges_tenus
from ccspl.workflow import RENDUS
from participation.seances.models import Membre, Seance
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas
from participation.socle.actions.documents import demander_document, figer_document, redemander_document
from participation.socle.calendrier import du_au
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_texte
from participation.socle.francais import jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.regles.textes import sans_controle
from participation.socle.views.pages import Page, acte
from participation.socle.views.pagination import ParCle
from participation.socle.workflow import Role

Rang = Membre.Rang


AVIS_PAR_PAGE = 25


def donnees_du_rapport(annee: int) -> dict[str, Any]:
    """Return the data of the report, as JSON values: they are kept with the document, which does not
    change."""
    return {**donnees_sans_les_avis(annee), "avis": [_avis(un) for un in avis_de(annee)]}


def donnees_sans_les_avis(annee: int) -> dict[str, Any]:
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    tenues, colleges = presence_par_college(debut, fin)
    faites = list(_tenues(annee))
    passee = presence_par_college(date(annee - 1, 1, 1), date(annee - 1, 12, 31))
    return {
        "annee": annee,
        "cette_annee": _chiffres(annee, tenues, colleges, faites),
        "annee_passee": _chiffres(annee - 1, *passee, list(_tenues(annee - 1))),
        "composition": _composition(fin),
        "arrivees": _mouvements(Q(du__range=(debut, fin)), "du"),
        "departs": _mouvements(Q(au__range=(debut, fin)), "au"),
        "seances": _seances(debut, fin),
        "presence": [
            {"college": c.nom, "attendus": c.attendus, "presents": c.presents, "part": c.part}
            for c in colleges
        ],
        "saisines": _saisines(debut, fin),
        "rencontres": [
            {
                "date": jour_texte(r.debut),
                "titre": r.titre,
                "nature": r.get_nature_display(),
                "venus": r.venus,
                "places": r.capacite,
                "moyenne": round(float(r.moyenne), 1) if r.moyenne is not None else None,
            }
            for r in faites
        ],
    }


def _tenues(annee: int) -> Any:
    """Return the visits and trainings already held."""
    return rencontres(annee).filter(debut__lte=timezone.now())


def avis_de(annee: int) -> QuerySet[Avis]:
    """Return the avis adopted in the year, oldest first, with their préconisations and suites."""
    tous: Any = Avis.objects.all()
    return (
        rendus(tous, date(annee, 1, 1), date(annee, 12, 31))
        .select_related("service", "conseil")
        .prefetch_related(
            Prefetch("preconisations", Preconisation.objects.select_related("suite__direction"))
        )
        .order_by("adopte_le", "pk")
    )


def _avis(avis: Avis) -> dict[str, Any]:
    return {
        "reference": avis.reference or "",
        "titre": avis.titre,
        "service": str(avis.service),
        "objet": avis.get_objet_display(),
        "saisine": avis.get_saisine_display(),
        "sens": avis.get_sens_display(),
        "adopte_le": jour_texte(avis.adopte_le),
        "conseil": jour_texte(avis.conseil.date) if avis.conseil else "",
        "deliberation": avis.deliberation,
        "synthese": avis.synthese,
        "preconisations": [
            {
                "numero": p.numero,
                "texte": p.texte,
                "etat": str(p.suite.get_etat_display()) if p.suite else "pas encore transmise",
                "raison": p.suite.reponse_dite if p.suite else "",
                "direction": str(p.suite.direction) if p.suite else "",
            }
            for p in avis.preconisations.all()
        ],
    }


def _chiffres(
    annee: int, seances: int, colleges: Sequence[PresenceCollege], faites: Sequence[Any]
) -> dict[str, Any]:
    debut, fin = date(annee, 1, 1), date(annee, 12, 31)
    attendus = sum(c.attendus for c in colleges)
    saisis = Q(date_saisine__range=(debut, fin))
    adoptes = Q(du_au("adopte_le", debut, fin), etat__in=sorted(RENDUS))
    avis = Avis.objects.order_by().aggregate(
        saisines=Count("pk", filter=saisis),
        avis=Count("pk", filter=adoptes),
        auto_saisines=Count("pk", filter=adoptes & Q(saisine=Avis.Saisine.AUTO)),
    )
    dites = bilan(debut, fin)
    return {
        "seances": seances,
        "presence": round(100 * sum(c.presents for c in colleges) / attendus) if attendus else None,
        **avis,
        "preconisations": dites.total,
        "suivies": dites.suivies,
        "en_partie": dites.en_partie,
        "non_suivies": dites.non_suivies + dites.hors_competence,
        "en_attente": dites.en_attente,
        "rencontres": len(faites),
        "venus": sum(r.venus for r in faites),
    }


def _composition(jour: date) -> list[dict[str, Any]]:
    """Return the members on the last day of the year, by collège."""
    colleges: dict[int, dict[str, Any]] = {}
    membres = (
        Membre.objects.filter(college__mandature__instance__cle=INSTANCE)
        .en_fonction(jour)
        .select_related("compte", "college", "commune")
        .order_by("college__ordre", "college", "rang", "compte__nom", "compte__prenom", "pk")
    )
    for membre in membres:
        college = colleges.setdefault(
            membre.college_id,
            {
                "nom": membre.college.nom,
                "sieges": membre.college.sieges,
                "a_le_vote": membre.college.a_le_vote(jour),
                "titulaires": [],
                "suppleants": [],
            },
        )
        est_titulaire = membre.rang == Rang.TITULAIRE
        college["titulaires" if est_titulaire else "suppleants"].append(_nommer(membre))
    return list(colleges.values())


def _nommer(membre: Membre) -> str:
    """Return name, function and organisation, which the deliberation of nomination publishes.

    The commune is left out: each member decides whether it is published.
    """
    dits = [] if membre.fonction == Membre.Fonction.MEMBRE else [membre.get_fonction_display()]
    dits += [membre.organisme] if membre.organisme else []
    return f"{membre} ({', '.join(dits)})" if dits else str(membre)


def _mouvements(quand: Q, champ: str) -> list[dict[str, str]]:
    return [
        {"nom": _nommer(m), "college": str(m.college), "date": jour_texte(getattr(m, champ))}
        for m in Membre.objects.filter(quand, college__mandature__instance__cle=INSTANCE)
        .select_related("compte", "college")
        .order_by(champ, "compte__nom", "pk")
    ]


def _seances(debut: date, fin: date) -> list[dict[str, Any]]:
    tenues = seances_tenues(debut, fin)
    seances = list(tenues.order_by("debut", "pk").prefetch_related("points"))
    sieges = {ligne["seance"]: ligne for ligne in sieges_tenus(tenues, "seance")}
    return [
        {
            "date": jour_texte(s.debut),
            "titre": s.titre,
            "nature": s.get_nature_display(),
            "tenue": s.get_tenue_display(),
            "presents": sieges[s.pk]["presents"] if s.pk in sieges else 0,
            "attendus": sieges[s.pk]["attendus"] if s.pk in sieges else 0,
            "points": [p.titre for p in s.points.all() if not p.est_confidentiel],
        }
        for s in seances
    ]


def _saisines(debut: date, fin: date) -> list[dict[str, Any]]:
    """Return the number of saisines by objet, and how many were auto-saisines."""
    lignes = (
        Avis.objects.filter(date_saisine__range=(debut, fin))
        .order_by()
        .values("objet")
        .annotate(n=Count("pk"), auto=Count("pk", filter=Q(saisine=Avis.Saisine.AUTO)))
    )
    comptes = {ligne["objet"]: ligne for ligne in lignes}
    return [
        {"objet": str(o.label), "nombre": comptes[o.value]["n"], "auto": comptes[o.value]["auto"]}
        for o in Avis.Objet
        if o.value in comptes
    ]


NATURE = "ccspl/rapport"


# The yearly report ---------------------------------------------------------------------------------------------------
def _exiger(rapport: RapportAnnuel, acte: str, *, par: Compte) -> Pas:
    """Create the row of the year if needed: two concurrent requests get the same row."""
    if rapport._state.adding:
        rapport.pk = RapportAnnuel.objects.get_or_create(annee=rapport.annee)[0].pk
        rapport._state.adding = False
    return exiger(rapport, acte, par=par)


def dire_l_arret(rapport: RapportAnnuel) -> str:
    fin = f"L’année {rapport.annee} n’est pas finie : ce qui se passera jusqu’au 31 décembre n’y sera pas. "
    dit = "Ni ses textes, ni ses chiffres, ni son fichier ne changeront plus. Relisez le PDF avant."
    return f"{fin}{dit}" if rapport.annee >= timezone.localdate().year else dit


class RedigerRapportForm(ActeForm):
    ACTUELS = ("introduction", "conclusions")

    introduction = champ_texte(
        "Introduction",
        "Le mot de la présidence, ce qui a marqué l’année. Une ligne vide sépare deux paragraphes.",
        lignes=10,
        requis=False,
        maximum=20000,
    )
    conclusions = champ_texte(
        "Conclusions",
        "Ce que la commission retient, ce qu’elle veut faire l’année suivante.",
        lignes=10,
        requis=False,
        maximum=20000,
    )


@acte(
    Page[RapportAnnuel](
        form=RedigerRapportForm,
        consequence="Le reste du rapport vient des données : séances, avis, réponses, visites.",
        succes="Les textes sont enregistrés.",
    )
)
@transaction.atomic
def rediger_rapport(rapport: RapportAnnuel, *, par: Compte, introduction: str, conclusions: str) -> None:
    pas = _exiger(rapport, "rediger_rapport", par=par)
    ecrits = {"introduction": sans_controle(introduction), "conclusions": sans_controle(conclusions)}
    pas.avancer(champs=ecrits, fait=f"Textes du rapport {rapport.annee} écrits")


@acte(
    Page[RapportAnnuel](
        consequence="Un PDF est fait avec les textes et les données d’aujourd’hui. Vous pourrez le refaire tant que le rapport n’est pas arrêté.",
        succes="Le rapport est en cours de fabrication. Il s’affiche ici dès qu’il est prêt.",
    )
)
@transaction.atomic
def preparer_rapport(rapport: RapportAnnuel, *, par: Compte) -> Document:
    """Make the PDF from current data. Until the report is arrêté, the same document is made again."""
    pas = _exiger(rapport, "preparer_rapport", par=par)
    donnees = {
        **donnees_du_rapport(rapport.annee),
        "introduction": rapport.introduction,
        "conclusions": rapport.conclusions,
        "empreinte_des_textes": rapport.empreinte_des_textes,
        "au": jour_texte(timezone.localdate()),
    }
    document: Document | None = rapport.document
    if document is None:
        document = demander_document(
            nature=NATURE, titre=f"CCSPL, rapport d’activité {rapport.annee}", donnees=donnees, par=par
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"document": document}, fait=f"Rapport {rapport.annee} mis en page")
    return document


@acte(Page[RapportAnnuel](consequence=dire_l_arret, succes="Le rapport est arrêté : son fichier est figé."))
@transaction.atomic
def arreter_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Freeze the PDF of the report."""
    pas = _exiger(rapport, "arreter_rapport", par=par)
    document: Any = rapport.document
    figer_document(document, par=par)
    pas.avancer(
        champs={"arrete_le": timezone.now()},
        fait=f"Rapport {rapport.annee} arrêté",
        details={"sha256": document.sha256},
    )


@acte(
    Page[RapportAnnuel](
        consequence="Tout le monde pourra le lire dans la bibliothèque de la commission.",
        succes="Le rapport est publié.",
    )
)
@transaction.atomic
def publier_rapport(rapport: RapportAnnuel, *, par: Compte) -> None:
    """Publish the report."""
    pas = _exiger(rapport, "publier_rapport", par=par)
    Document.objects.filter(rapport_ccspl=rapport).update(est_public=True)
    pas.avancer(champs={"publie_le": timezone.now()}, fait=f"Rapport {rapport.annee} publié")


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int], choisie: int) -> None:
        super().__init__(data, initial={"annee": choisie})
        self.par_defaut = choisie
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def annee_choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.par_defaut


def annees() -> list[int]:
    """Return the years of reports, this one first: its data can already be read."""
    courante = timezone.localdate().year
    debut = Seance.objects.filter(instance__cle=INSTANCE).aggregate(n=Min("debut"))["n"]
    premiere = min(timezone.localdate(debut).year if debut else courante, courante - 1)
    return list(range(courante, premiere - 1, -1))


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def rapport_annuel(request: RequeteConnectee) -> HttpResponse:
    """The report of a year. Once it is arrêté, the page shows the data of the PDF instead of current data."""
    form = AnneeForm(request.GET or None, annees=annees(), choisie=timezone.localdate().year - 1)
    annee = form.annee_choisie()
    rapport = RapportAnnuel.de(annee)
    document = rapport.document
    est_arrete = rapport.arrete_le is not None
    if est_arrete and document:
        donnees = document.donnees
        page = Paginator(donnees["avis"], AVIS_PAR_PAGE).get_page(request.GET.get("page"))
    else:
        donnees = donnees_sans_les_avis(annee)
        tous: Any = ParCle(avis_de(annee))
        page = Paginator(tous, AVIS_PAR_PAGE).get_page(request.GET.get("page"))
        page.object_list = [_avis(un) for un in page]
    limite = ReglementCommission.actuel().limite_du_rapport(annee)
    return render(
        request,
        "ccspl/rapport/rapport.html",
        {
            "app": "ccspl",
            "form": form,
            "rapport": rapport,
            "document": document,
            "est_pret": document is not None and document.etat == Document.Etat.PRET,
            "textes_changes": rapport.textes_changes,
            "actes": rapport.actes_permis_a(request.user),
            "limite": limite,
            "dernier_jour": limite - timedelta(days=1),
            **donnees,
            "avis": page.object_list,
            "page": page,
            "annee": annee,
            "introduction": rapport.introduction,
            "conclusions": rapport.conclusions,
        },
    )


def rapport_de(request: RequeteConnectee, annee: int) -> RapportAnnuel:
    if annee not in annees():
        raise Http404
    return RapportAnnuel.de(annee)
