"""Pages of the rights of people: asking on the site, the page of the signed link, the list and the page of agents."""

import re
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.droits.personnes import actes
from participation.droits.personnes.actes import DROITS, DemanderForm
from participation.droits.trouver import demande_du_bureau, demande_du_lien
from participation.droits.workflow import EtatDemande
from participation.socle.forms.filters import Filtres
from participation.socle.francais import majuscule
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a, traduite
from participation.socle.http.protocole import envoyer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.colonnes import Colonne, colonne_etat
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de, ligne_courrier
from participation.socle.views.liens import personnelle
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vos_droits(request: HttpRequest) -> HttpResponse:
    """Ask for a copy or an erasure. The answer is the same whether the address is known here or not."""
    form = DemanderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if limites.tenter(request, "suivre", form.cleaned_data["courriel"]):
            actes.demander_droit(**form.cleaned_data)
        return redirect("droits:demandee")
    return render(
        request,
        "droits/vos_droits.html",
        {"form": form, "jours": ReglementDroits.actuel().preuve_jours},
        status=422 if form.is_bound else 200,
    )


@traduite
@publique
@require_safe
def demandee(request: HttpRequest) -> HttpResponse:
    return render(request, "droits/demandee.html")


def _contexte(demande: DemandeDroit, jeton: Any) -> dict[str, Any]:
    return {"demande": demande, "jeton": jeton, "jours": ReglementDroits.actuel().copie_jours}


MA_DEMANDE = PreuveParCourriel[DemandeDroit](
    trouver=demande_du_lien,
    prouver=lambda request, demande: actes.confirmer_demande(demande),
    gabarit="droits/ma_demande.html",
    contexte=_contexte,
    quoi="aucune demande",
    sinon="Sinon, demandez un nouveau lien depuis la page « Vos droits ».",
    est_traduite=True,
)


@personnelle(demande_du_lien, MA_DEMANDE.inconnu)
def ma_copie(request: HttpRequest, demande: DemandeDroit, jeton: Any) -> HttpResponse:
    """The file of the copy, for who holds the link sent to her mailbox."""
    reponse: Any = _fichier(request, demande)
    return reponse  # type: ignore[no-any-return]


def _fichier(request: HttpRequest, demande: DemandeDroit) -> HttpResponseBase:
    if not demande.fichier:
        raise Http404
    try:
        ouvert = demande.fichier.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    reponse = envoyer(
        request, ouvert.file, nom="copie-de-mes-donnees.zip", type_mime="application/zip", joint=True
    )
    reponse["Cache-Control"] = "private, no-store"
    return reponse


class DemandeFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État", empty_label="Tous", choices=[(e.value, majuscule(e.label)) for e in EtatDemande]
    )
    droit = django_filters.ChoiceFilter(label="Demande", empty_label="Toutes", choices=DROITS)

    class Meta:
        model = DemandeDroit
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = "Numéro de la demande"

    def chercher(self, objets: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        """A request keeps no word to look for: by its number."""
        return objets.filter(pk__in=[int(numero) for numero in re.findall(r"\d{1,9}", mots)])


@reserve_a(Role.AGENT)
@require_safe
def demandes(request: RequeteConnectee) -> HttpResponseBase:
    return page_liste(
        request,
        Liste(
            cle="droits:demandes",
            titre="Droits des personnes",
            chapeau="Qui veut une copie de ses données, ou être effacé partout. Une demande faite ne garde ni nom ni adresse.",
            objets=DemandeDroit.objects.prouvees(),
            filtres=DemandeFilter,
            colonnes=[
                Colonne("demande", "Demande", str, tri="pk"),
                colonne_etat("etat"),
                Colonne("demandee", "Demandée", lambda d: d.demande_le, tri="demande_le"),
                Colonne("identite", "Identité vérifiée", lambda d: d.get_identite_display()),
                Colonne("faite", "Faite", lambda d: d.faite_le, tri="faite_le"),
            ],
            tri="-demandee",
            singulier="demande",
            pluriel="demandes",
            app="droits",
            vide="Personne n’a rien demandé. Une demande reçue par courrier ou au guichet s’enregistre ici.",
        ),
        "droits/demandes.html",
    )


@reserve_a(Role.AGENT)
@require_safe
def demande(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee, compte = demande_du_bureau(request, pk), request.user
    apparence = trouvee.apparence
    return render(
        request,
        "droits/demande.html",
        {
            "demande": trouvee,
            "apparence": apparence,
            "ensuite": trouvee.ensuite(),
            "pour_vous": avec_actes(trouvee, compte, apparence.pour.get(Role.AGENT, "")),
            "boutons": Boutons(
                None, [b for b in boutons_de(trouvee, compte) if b.acte != "remettre_copie"], []
            ),
            "peut_remettre": trouvee.permet("remettre_copie", compte)
            and not trouvee.obstacles("remettre_copie", compte),
            "courriers": [
                ligne_courrier(c) for c in trouvee.courriers.avec_dossiers().order_by("-ecrit_le", "-pk")
            ],
            "journal": trouvee.journal.select_related("par"),
        },
    )


@reserve_a(Role.AGENT)
@require_POST
def remettre_copie(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Give the file of the copy to an agent, and note it."""
    trouvee = demande_du_bureau(request, pk)
    actes.remettre_copie(trouvee, par=request.user)
    return _fichier(request, trouvee)
