"""A marché of draws: written, renewed, ordered on; its end is said months before, among the échéances."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.panels.models import Commande, LotDeMarche, Marche, Panel, ReglementPanels
from participation.panels.trouver import trouver_marche
from participation.panels.workflow import EtatPanel
from participation.socle.actions import (
    annuler_echeance,
    avancer,
    enregistrer,
    exiger,
    faire_echeance,
    fixer_echeance,
    ouvrir,
)
from participation.socle.calendrier import ajouter_mois
from participation.socle.forms.actes import ActeForm, ModeleForm
from participation.socle.forms.champs import (
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    jours_de,
    propose,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, montant
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de, page_dossier
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def alertes(fin: date, mois: Iterable[int], aujourdhui: date) -> list[tuple[int, date]]:
    """Return (months before the end, day) of the alerts to come, first ones first.

    Of those whose day is past, the last one alone is given, for today: the marché was written late.
    """
    dites = sorted(((combien, ajouter_mois(fin, -combien)) for combien in set(mois)), reverse=True)
    passees = [combien for combien, jour in dites if jour < aujourdhui]
    a_venir = [(combien, jour) for combien, jour in dites if jour >= aujourdhui]
    if passees and fin >= aujourdhui and (not a_venir or a_venir[0][1] > aujourdhui):
        return [(passees[-1], aujourdhui), *a_venir]
    return a_venir


CHAMPS = (
    "titre", "numero", "prestataire", "date_debut", "date_fin", "reconductions", "mois_par_reconduction", "plafond",
)  # fmt: skip
ALERTE = "marche-"
LOTS_MAX = 20


class MarcheForm(ModeleForm):
    lots = champ_texte(
        "Lots",
        "Un par ligne, dans l’ordre de leurs numéros. Sans lot, écrivez ce que le marché achète.",
        maximum=4000,
        lignes=4,
        erreur="Écrivez au moins un lot.",
    )
    plafond = ChampMontant(
        "Montant au plus (€ HT)", "Pour toute sa durée, reconductions comprises.", positif=True
    )

    class Meta:
        model = Marche
        fields = CHAMPS
        field_classes = jours_de(Marche)

    def initiales(self) -> Mapping[str, Any]:
        if not self.objet.pk:
            return {}
        lots = "\n".join(self.objet.lots.values_list("objet", flat=True))
        return {**forms.model_to_dict(self.objet, CHAMPS), "lots": lots}

    def clean_lots(self) -> list[str]:
        lots = [ligne.strip() for ligne in self.cleaned_data["lots"].splitlines() if ligne.strip()]
        if len(lots) > LOTS_MAX:
            raise ValidationError(f"Il y a {len(lots)} lots : {LOTS_MAX} au plus.")
        if trop_longs := [lot for lot in lots if len(lot) > 160]:
            raise ValidationError(f"« {trop_longs[0][:40]}… » est trop long : 160 caractères au plus.")
        return lots


@acte(
    Page[Marche](
        ouvre=True,
        form=MarcheForm,
        consequence="Sa fin est annoncée des mois avant, dans les échéances (règlement des panels).",
        retour=lambda marche, fait: marche.get_absolute_url() if marche.pk else marche.fil_avant[-1][1],
    )
)
@transaction.atomic
def inscrire_marche(marche: Marche, *, par: Compte, lots: list[str], **champs: Any) -> Marche:
    ouvrir(marche, "inscrire_marche", par=par, champs={**champs, "auteur": par})
    _ecrire_lots(marche, lots)
    annoncer_la_fin(marche)
    return marche


@acte(Page[Marche](form=MarcheForm, consequence="Si la fin change, les alertes se déplacent."))
@transaction.atomic
def modifier_marche(marche: Marche, *, par: Compte, lots: list[str], **champs: Any) -> None:
    """Raise ValidationError below what is ordered, or without a lot that has orders."""
    pas = exiger(marche, "modifier_marche", par=par)
    if champs["plafond"] < marche.commande:
        raise ValidationError({"plafond": f"{montant(marche.commande)} sont déjà commandés."})
    avant = marche.date_fin
    pas.avancer(champs=champs)
    _ecrire_lots(marche, lots)
    if marche.date_fin != avant:
        annoncer_la_fin(marche)


def _ecrire_lots(marche: Marche, lots: list[str]) -> None:
    en_trop = marche.lots.filter(numero__gt=len(lots))
    if tenu := en_trop.filter(commandes__isnull=False).first():
        raise ValidationError({"lots": f"Une commande est passée sur le lot {tenu.numero} : gardez-le."})
    en_trop.delete()
    for numero, objet in enumerate(lots, 1):
        LotDeMarche.objects.update_or_create(marche=marche, numero=numero, defaults={"objet": objet})


def annoncer_la_fin(marche: Marche) -> None:
    """Write or move the alerts before the end of the marché."""
    mois = ReglementPanels.actuel().alertes_marche
    dites = alertes(marche.date_fin, mois, timezone.localdate())
    cles = {f"{ALERTE}{combien}" for combien, _ in dites}
    for cle in marche.echeances.ouvertes().filter(cle__startswith=ALERTE).values_list("cle", flat=True):
        if cle not in cles:
            annuler_echeance(marche, cle)
    for combien, jour in dites:
        fixer_echeance(
            marche,
            f"{ALERTE}{combien}",
            libelle=f"Préparer la suite du marché, qui finit le {jour_texte(marche.date_fin)}",
            date_limite=jour,
            rappels=[7],
            responsable=marche.agent,
        )


@acte(
    Page[Marche](
        consequence=lambda marche: (
            f"Il finira le {jour_texte(next(marche.a_reconduire(), marche.date_fin))}, au lieu du {jour_texte(marche.date_fin)}. "
            "Les alertes se déplacent."
        )
    )
)
@transaction.atomic
def reconduire_marche(
    marche: Marche,
    *,
    par: Compte,
    motif: Annotated[str, champ_ligne("Décision", "Qui l’a décidé, quand.", maximum=160)],
) -> None:
    pas = exiger(marche, "reconduire_marche", par=par)
    fin = next(marche.a_reconduire())
    pas.avancer(
        fait=f"Marché reconduit jusqu’au {jour_texte(fin)}",
        motif=motif,
        champs={"date_fin": fin, "reconduit": marche.reconduit + 1},
    )
    annoncer_la_fin(marche)


@acte(
    Page[Marche](
        consequence=lambda marche: (
            f"L’alerte du moment est faite. La suivante vient à son jour ; le marché finit le {jour_texte(marche.date_fin)}."
        ),
        bouton="C’est noté",
    )
)
@transaction.atomic
def noter_preparation(
    marche: Marche,
    *,
    par: Compte,
    motif: Annotated[
        str, champ_ligne("Ce qui est préparé", "« Besoin écrit », « consultation publiée le… »", maximum=160)
    ],
) -> None:
    """End the alerts that are due, or the next one."""
    pas = exiger(marche, "noter_preparation", par=par)
    ouvertes = list(marche.echeances.ouvertes().filter(cle__startswith=ALERTE).order_by("date_limite", "pk"))
    dues = [e for e in ouvertes if e.date_limite <= timezone.localdate()] or ouvertes[:1]
    for echeance in dues:
        faire_echeance(marche, echeance.cle)
    pas.avancer(motif=motif)


class CommanderForm(ActeForm):
    panel = champ_parmi("Panel", None, vide=None)
    lot = champ_parmi("Lot", None, vide=None)
    libelle = champ_ligne("Ce qui est commandé", maximum=200)
    montant = ChampMontant("Montant (€ HT)", positif=True)
    numero = champ_ligne("Numéro du bon", requis=False, maximum=40)
    date_commande = champ_jour("Commandé le")

    def preparer(self) -> None:
        finis = [EtatPanel.CLOS, EtatPanel.ABANDONNE]
        self.choisir("panel", Panel.objects.exclude(etat__in=finis).order_by("-date_premiere_seance", "pk"))
        self.choisir("lot", self.objet.lots.all())

    def initiales(self) -> Mapping[str, Any]:
        return {"date_commande": propose(timezone.localdate())}


@acte(
    Page[Marche](
        form=CommanderForm,
        consequence=lambda marche: (
            f"Il reste {montant(marche.reste)} HT à commander sur {montant(marche.plafond)}."
        ),
        retour="#commandes",
    )
)
@transaction.atomic
def commander(
    marche: Marche, *, par: Compte, panel: Panel, lot: LotDeMarche, montant: Decimal, **champs: Any
) -> Commande:
    """Note an order. Raises ValidationError above what remains, for the lot of another marché, out of its days."""
    pas = exiger(marche, "commander", par=par)
    commande = Commande(marche=marche, panel=panel, lot=lot, montant=montant, **champs)
    if lot.marche_id != marche.pk:
        raise ValidationError({"lot": "Ce lot est d’un autre marché."})
    if montant > marche.reste:
        raise ValidationError(
            {"montant": f"Il ne reste que {dire(marche.reste)} HT à commander sur ce marché."}
        )
    if not marche.date_debut <= commande.date_commande <= marche.date_fin:
        raise ValidationError({"date_commande": "Ce jour est hors du marché."})
    enregistrer(commande)
    pas.avancer(fait=f"Commande pour {panel.reference} : {commande}")
    return commande


dire = montant


@acte(
    Page[Commande](
        consequence=lambda commande: f"{montant(commande.montant)} HT peuvent de nouveau être commandés.",
        retour="#commandes",
    )
)
@transaction.atomic
def annuler_commande(
    commande: Commande, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    pas = exiger(commande, "annuler_commande", par=par)
    dit = f"Commande annulée pour {commande.panel.reference} : {commande}"[:200]
    commande.delete()
    pas.avancer(fait=dit, motif=motif)


@acte(Page[Marche](consequence="Plus rien ne s’y commande, et plus aucune alerte ne vient."))
@transaction.atomic
def clore_marche(marche: Marche, *, par: Compte) -> None:
    avancer(marche, "clore_marche", par=par, champs={"clos_le": timezone.now()})
    annuler_echeance(marche)


@reserve_a(Role.AGENT)
@require_safe
def marches(request: RequeteConnectee) -> HttpResponse:
    lignes = Marche.objects.visibles_par(request.user).annotate(total=Sum("commandes__montant"))
    return render(request, "panels/marches.html", {"marches": lignes.order_by("-date_fin", "-pk")})


@reserve_a(Role.AGENT)
@require_safe
def marche(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_marche(request, pk)
    commandes = trouve.commandes.select_related("panel", "lot", "marche")
    return page_dossier(
        request,
        trouve,
        "panels/marche.html",
        {
            "marche": trouve,
            "actes": trouve.actes_permis_a(request.user),
            "lots": trouve.lots.annotate(total=Sum("commandes__montant")),
            "commandes": [(commande, boutons_de(commande, request.user)) for commande in commandes],
            "commande": trouve.commande,
            "reste": trouve.reste,
            "fins": list(trouve.a_reconduire()),
        },
    )
