"""« Rendu compte »: public list of the suites, figures, open data. No cookie, so that caches keep the pages."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from participation.socle.bd.lots import par_lots
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.fichiers.jeux import Champ, Contenu, Fichiers, JeuDeDonnees, Type
from participation.socle.forms.champs import champ_choix, champ_ligne
from participation.socle.forms.filters import ParmiField
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import gardable, partageable, publique
from participation.socle.models import Commune, Direction, Dossier, Quartier
from participation.socle.views.exports import version_de
from participation.socle.views.public.donnees_ouvertes import fichier, flux_atom
from participation.socle.views.rapports import Rapports
from participation.suites.models import ChangementSuite, Suite
from participation.suites.regles import dit_par_la_direction
from participation.suites.rendu_compte import actes, lectures
from participation.suites.rendu_compte.lectures import Bilan, FiltresDeSuites, adresse_publique
from participation.suites.workflow import Degre, Etat, Jugement


def _parmi(libelle: str, possibles: Any, vide: str) -> ParmiField:
    """Return a field whose options are read once a minute in each process."""
    cle = f"rendu_compte.{libelle}"
    return ParmiField(label=libelle, queryset=possibles, required=False, empty_label=vide, cle=cle)


class RenduCompteForm(forms.Form):
    """Search of « Rendu compte ». An invalid value is ignored."""

    REPONSES = (
        ("", "Toutes"),
        ("oui", "Avec une réponse"),
        ("non", "Sans réponse"),
        ("a_temps", "Réponse à temps"),
        ("tard", "Réponse après la date donnée d’abord"),
        ("attendue", "Sans réponse, la date passée"),
    )

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    instrument = forms.ChoiceField(label="Ce qui a été dit par", required=False)
    origine = champ_choix(
        "Demandé ou promis",
        [
            ("", "Tout"),
            ("demandee", "Seulement demandé"),
            ("promise", ici_plus_tard("Promis par la {metropole}")),
        ],
        requis=False,
    )
    direction = _parmi("Direction", Direction.objects.none(), "Toutes")
    commune = _parmi("Commune", Commune.objects.all(), "Toutes")
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    etat = champ_choix("État", [("", "Tous"), *((e.value, majuscule(e.label)) for e in Etat)], requis=False)
    reponse = champ_choix("Réponse", REPONSES, requis=False)
    degre = champ_choix(
        "Mise en œuvre", [("", "Toutes"), *((d.value, majuscule(d.label)) for d in Degre)], requis=False
    )
    verdict = champ_choix(
        "Verdict de qui l’a demandé",
        [
            ("", "Tous"),
            ("donne", "Un verdict est donné"),
            ("accord", "D’accord avec la direction"),
            ("desaccord", "Pas d’accord"),
        ],
        requis=False,
    )
    theme = forms.ChoiceField(label="Thème", required=False)
    quartier = _parmi("Quartier", Quartier.objects.select_related("commune"), "Tous")

    def __init__(
        self,
        data: Any,
        *,
        natures: Sequence[str],
        annees: Sequence[int],
        directions: Sequence[int],
        themes: Sequence[str],
    ) -> None:
        super().__init__(data)
        noms = Dossier.libelles_natures()
        instrument, annee = self.fields["instrument"], self.fields["annee"]
        direction = self.fields["direction"]
        assert isinstance(instrument, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(annee, forms.ChoiceField)  # noqa: S101
        assert isinstance(direction, forms.ModelChoiceField)  # noqa: S101
        instrument.choices = [("", "Tous"), *((n, majuscule(noms.get(n, n))) for n in natures)]
        annee.choices = [("", "Toutes"), *((a, str(a)) for a in annees)]
        theme: Any = self.fields["theme"]
        theme.choices = [("", "Tous"), *((nom, nom) for nom in themes)]
        direction.queryset = Direction.objects.filter(pk__in=directions)


PAR_PAGE = 12


PAR_PAQUET = 500


DANS_LE_FLUX = 40


def _lire(request: HttpRequest) -> tuple[RenduCompteForm, FiltresDeSuites]:
    suivis = lectures.suivis()
    form = RenduCompteForm(
        request.GET,
        natures=suivis.natures,
        annees=suivis.annees,
        directions=suivis.directions,
        themes=suivis.themes,
    )
    form.is_valid()
    lu = form.cleaned_data
    direction, commune, quartier = lu.get("direction"), lu.get("commune"), lu.get("quartier")
    return form, FiltresDeSuites(
        q=lu.get("q") or "",
        instrument=lu.get("instrument") or "",
        origine=lu.get("origine") or "",
        direction=direction.pk if direction else None,
        commune=commune.pk if commune else "",
        annee=lu.get("annee"),
        etat=lu.get("etat") or "",
        reponse=lu.get("reponse") or "",
        degre=lu.get("degre") or "",
        verdict=lu.get("verdict") or "",
        quartier=quartier.pk if quartier else None,
        theme=lu.get("theme") or "",
    )


def _contexte(
    form: RenduCompteForm, filtres: FiltresDeSuites, base: FiltresDeSuites, bilan: Bilan
) -> dict[str, Any]:
    """Context shared by the list and the figures. `base`: the filters without what is measured, on which shares are computed."""
    return {
        "form": form,
        "filtres_poses": filtres.requete(),
        "bilan": bilan,
        "liens": {
            "toutes": base.requete(),
            "promises": base.requete(origine="promise"),
            "repondues": base.requete(reponse="oui"),
            "a_temps": base.requete(reponse="a_temps"),
            "attendues": base.requete(reponse="attendue"),
            "totales": base.requete(degre="totale"),
            "juges": base.requete(verdict="donne"),
            "desaccords": base.requete(verdict="desaccord"),
        },
        "requete_base": base.requete(),
        "total_public": Suite.objects.publiques().exists(),
    }


@publique
@require_safe
@gardable(60)
def rendu_compte(request: HttpRequest) -> HttpResponse:
    """List of the suites: the last answered first, then the unanswered ones by date."""
    form, filtres = _lire(request)
    dites = lectures.mots(filtres.q)
    trouvees = (
        lectures.selection(filtres, dites)
        .select_related("direction")
        .prefetch_related("preuves__piece", "dossier__communes", "suspensions", "verdicts__sollicitation")
        .order_by(F("repondue_le").desc(nulls_last=True), "date_limite", "pk")
    )
    base = filtres.sans_reponse()
    bilan, pages = lectures.bilan(base, dites), Paginator(trouvees, PAR_PAGE)
    if filtres == base and bilan.le is None:
        pages.count = bilan.total  # of now: they are not counted again
    page = pages.get_page(request.GET.get("page"))
    contexte = _contexte(form, filtres, base, bilan)
    return render(
        request,
        "suites/rendu_compte.html",
        {**contexte, "page": page, "lignes": avec_dossiers(page.object_list)},
    )


def avec_dossiers(suites: Any) -> list[tuple[Suite, Dossier, str]]:
    """Return (suite, dossier as its app's model, path of its public page), with a fixed number of queries."""
    suites = list(suites)
    dossiers = Dossier.objects.enfants_de({suite.dossier_id for suite in suites})
    lignes = []
    for suite in suites:
        suite.dossier = dossiers[suite.dossier_id]
        lignes.append((suite, suite.dossier, adresse_publique(suite.dossier)))
    return lignes


@publique
@require_safe
@gardable(300)
def chiffres(request: HttpRequest) -> HttpResponse:
    """Figures by instrument, direction, commune and year, each with a link to its list."""
    form, filtres = _lire(request)
    base = filtres.sans_reponse()
    bilan, axes = lectures.chiffres(base)
    contexte = _contexte(form, filtres, base, bilan)
    return render(
        request,
        "suites/chiffres.html",
        {
            **contexte,
            "axes": axes,
            "comparaison": lectures.comparer_annees(next(axe for axe in axes if axe.cle == "annee")),
            "rapports": lectures.rapports_publics(),
            "titre_liste": "Rendu compte",
            "adresse_liste": reverse("suites:rendu_compte"),
            "quelque_chose": contexte["total_public"],
            "donnees": _adresses(),
            "jeu": JEU,
        },
    )


rapports = Rapports(
    app="metropole",
    titre="Rapports du rendu compte",
    chapeau="Ce qui a été demandé ou promis, ce qui est fait, ce qu’en disent les deux parties.",
    fil=("Suites", "suites:suites"),
    rien=("Aucun rapport", "Rien n’a encore été demandé ni promis."),
    nature=lectures.RAPPORT,
    annees=lambda: lectures.suivis().annees,
    demander=actes.demander_rapport,
    instruments=lambda: [(n, majuscule(mot)) for n, mot in Dossier.libelles_natures().items()],
).vue


@publique
@partageable
@require_safe
@gardable(300)
def atom(request: HttpRequest) -> HttpResponseBase:
    """Atom feed of the last changes of the public suites."""
    changements = list(
        ChangementSuite.objects.filter(suite__est_publiee=True, suite__dossier__est_publie=True)
        .exclude(nature=ChangementSuite.Nature.DIRECTION)
        .select_related("suite__direction")
        .order_by("-le", "-pk")[:DANS_LE_FLUX]
    )
    dossiers = Dossier.objects.enfants_de({c.suite.dossier_id for c in changements})
    return flux_atom(
        ici("{nom} : ce qui est demandé ou promis, ce qui est fait"),
        "suites:rendu_compte",
        "suites:atom",
        "Chaque changement de ce qui est demandé ou promis après une pétition, un avis ou une remontée.",
        (
            {
                "titre": f"{c.suite.intitule} : {c.phrase}",
                "lien": adresse_publique(dossiers[c.suite.dossier_id]),
                "texte": "\n\n".join(
                    filter(None, [dossiers[c.suite.dossier_id].titre, c.texte_public, c.motif])
                ),
                "author_name": str(c.suite.direction),
                "pubdate": c.le,
                "updateddate": c.le,
                "cle": f"/rendu-compte/changements/{c.pk}",
                "categories": [str(dossiers[c.suite.dossier_id].get_nature_display())],
            }
            for c in changements
        ),
    )


# Open data
def _a_publier(filtres: FiltresDeSuites) -> QuerySet[Suite]:
    return (
        lectures.selection(filtres)
        .select_related("direction")
        .prefetch_related("preuves__piece", "dossier__communes", "verdicts")
        .order_by("pk")
    )


def _fiches(suites: QuerySet[Suite]) -> Iterator[dict[str, Any]]:
    """Yield one dict with the fields of JEU for each suite, read by chunks of PAR_PAQUET."""
    for paquet in par_lots(suites.iterator(chunk_size=PAR_PAQUET), PAR_PAQUET):
        yield from map(_fiche, avec_communes(paquet))


def avec_communes(suites: list[Suite]) -> list[tuple[Suite, Dossier, str, list[tuple[str, str]]]]:
    communes: dict[int, list[tuple[str, str]]] = {}
    liens = Dossier.communes.through.objects.filter(dossier__in={suite.dossier_id for suite in suites})
    for dossier, *commune in liens.order_by("commune").values_list("dossier", "commune", "commune__nom"):
        communes.setdefault(dossier, []).append((commune[0], commune[1]))
    return [
        (suite, dossier, adresse, communes.get(dossier.pk, []))
        for suite, dossier, adresse in avec_dossiers(suites)
    ]


def _fiche(ligne: tuple[Suite, Dossier, str, list[tuple[str, str]]]) -> dict[str, Any]:
    suite, dossier, adresse, communes = ligne
    return {
        "id": suite.pk,
        "intitule": suite.intitule,
        "origine": suite.origine,
        "demandee_par": suite.demandee_par or None,
        "instrument": dossier.nature,
        "reference": dossier.reference,
        "dossier": dossier.titre,
        "theme": dossier.theme or None,
        "url": settings.SITE_URL + adresse,
        "direction": str(suite.direction),
        "communes": [code for code, _ in communes],
        "communes_noms": [nom for _, nom in communes],
        "etat": suite.etat,
        "creee_le": suite.creee_le,
        "promise_le": suite.promise_le,
        "acte_promesse": suite.acte_promesse or None,
        "date_initiale": suite.date_initiale,
        "date_promise": suite.date_initiale if suite.est_promise else None,
        "date_limite": suite.date_limite,
        "repondue_le": suite.repondue_le,
        "jours": suite.jours_de_reponse,
        "a_temps": suite.est_a_temps,
        "jours_suspendus": suite.jours_suspendus,
        "date_exigible": suite.date_exigible,
        "degre": suite.degre,
        **_verdicts(suite),
        "texte": suite.texte_public or None,
        "motif": suite.motif or None,
        "oriente_vers": suite.oriente_vers or None,
        "preuves": [
            preuve.adresse or settings.SITE_URL + reverse("socle:piece", args=[preuve.piece_id])
            for preuve in suite.preuves.all()
            if preuve.adresse or (preuve.piece and preuve.piece.est_publique and not preuve.piece.retiree_le)
        ],
        "modifiee_le": suite.modifiee_le,
    }


def _verdicts(suite: Suite) -> dict[str, Any]:
    donnes = [verdict for verdict in suite.verdicts.all() if verdict.est_courant]
    return {
        "dit_par_la_direction": dit_par_la_direction(suite.etat, suite.degre) or None,
        **{f"verdicts_{sorte}": sum(v.jugement == sorte for v in donnes) for sorte in Jugement},
    }


def _contenu(request: HttpRequest) -> Contenu:
    filtres = _lire(request)[1]
    suites = _a_publier(filtres)
    total, version = version_de(suites, "modifiee_le", "dossier__modifie_le")
    return Contenu(
        lambda: _fiches(suites),
        total,
        version,
        selection=filtres.requete(),
        entete=lambda: {"bilan": _bilan(filtres)},
    )


def _bilan(filtres: FiltresDeSuites) -> dict[str, Any]:
    total = lectures.bilan(filtres.sans_reponse())
    return {
        "total": total.total,
        "promises": total.promises,
        "repondues": total.repondues,
        "part_repondue": total.part_repondue,
        "exigibles": total.exigibles,
        "a_temps": total.a_temps,
        "part_a_temps": total.part_a_temps,
        "totales": total.totales,
        "verdicts": total.verdicts,
        "accords": total.accords,
        "mediane_jours": total.mediane,
        "neuvieme_decile_jours": total.neuvieme_decile,
    }


def _adresses() -> dict[str, str]:
    formes = (("csv", "donnees_csv"), ("json", "donnees_json"), ("atom", "atom"))
    return {forme: reverse(f"suites:{nom}") for forme, nom in formes}


JEU = JeuDeDonnees(
    cle="rendu-compte",
    titre="Rendu compte",
    description=ici_plus_tard(
        "Ce qui a été demandé, ce qui a été promis, et ce que la {metropole} a répondu."
    ),
    app="metropole",
    liste="suites",
    champs=(
        Champ("id", "Numéro de la suite, qui ne change jamais.", Type.ENTIER),
        Champ("intitule", "Ce qui est demandé ou promis."),
        Champ(
            "origine",
            ici_plus_tard("demandee (par une commission ou une pétition) ou promise (par la {metropole})."),
        ),
        Champ("demandee_par", "Qui le demande."),
        Champ("instrument", "Ce qui a été dit par : petition, avis, projet, remontee, proposition."),
        Champ("reference", "Référence du dossier, par exemple PET-2026-0012."),
        Champ("dossier", "Titre du dossier."),
        Champ("theme", "Thème du dossier."),
        Champ("url", "Adresse de la page publique du dossier.", Type.ADRESSE),
        Champ("direction", "Direction chargée."),
        Champ("communes", "Codes Insee des communes concernées.", Type.LISTE),
        Champ("communes_noms", "Noms de ces communes.", Type.LISTE),
        Champ("etat", "État, en un mot de code (liste plus bas)."),
        Champ("creee_le", "Date et heure où la suite a été ajoutée.", Type.INSTANT),
        Champ("promise_le", "Jour de la promesse (vide : rien n’est promis).", Type.JOUR),
        Champ("acte_promesse", "Délibération ou autre acte qui porte la promesse."),
        Champ("date_initiale", "Date donnée au départ, qui ne change jamais.", Type.JOUR),
        Champ(
            "date_promise", ici_plus_tard("La même, quand la {metropole} a promis (vide sinon)."), Type.JOUR
        ),
        Champ("date_limite", "Date attendue aujourd’hui.", Type.JOUR),
        Champ("repondue_le", "Date et heure de la première réponse.", Type.INSTANT),
        Champ("jours", "Jours entre l’ajout et la première réponse.", Type.ENTIER),
        Champ(
            "a_temps",
            "Première réponse au plus tard le jour donné au départ (vide tant qu’on ne peut pas le dire).",
            Type.OUI_NON,
        ),
        Champ("jours_suspendus", "Jours où le délai était arrêté, que « jours » ne compte pas.", Type.ENTIER),
        Champ(
            "date_exigible",
            "Date attendue, reculée des jours d’arrêt (vide tant que le délai est arrêté).",
            Type.JOUR,
        ),
        Champ("degre", "Mise en œuvre, dans les mots de la Cour des comptes (liste plus bas)."),
        Champ("dit_par_la_direction", "fait, en_partie ou pas_fait (vide : rien qui se compare)."),
        Champ("verdicts_fait", "Personnes qui l’ont demandé et disent que c’est fait.", Type.ENTIER),
        Champ("verdicts_en_partie", "Personnes qui disent que c’est fait en partie.", Type.ENTIER),
        Champ("verdicts_pas_fait", "Personnes qui disent que ce n’est pas fait.", Type.ENTIER),
        Champ("verdicts_sans_avis", "Personnes qui ne peuvent pas le dire.", Type.ENTIER),
        Champ("texte", "Texte public."),
        Champ("motif", "Pourquoi la suite n’est pas donnée, ou ne l’est qu’en partie."),
        Champ("oriente_vers", ici_plus_tard("Qui peut répondre, hors de la compétence de la {metropole}.")),
        Champ("preuves", "Adresses qui le montrent.", Type.LISTE),
        Champ("modifiee_le", "Date et heure du dernier changement.", Type.INSTANT),
    ),
    lire=_contenu,
    fichiers=lambda: [Fichiers(_adresses())],
    exemple=lambda: _fiches(_a_publier(FiltresDeSuites())),
    valeurs=lambda: [
        *((f"etat = {code}", dit) for code, dit in Etat.choices),
        *((f"degre = {code}", dit) for code, dit in Degre.choices),
    ],
    precisions=("Aucune donnée personnelle.",),
    page=reverse_lazy("suites:rendu_compte"),
)
donnees_csv, donnees_json = fichier(JEU, "csv"), fichier(JEU, "json")
