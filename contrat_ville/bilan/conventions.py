"""Convention of a supported projet, and its payments: enregistrés, corrected, cancelled."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contrat_ville.models import Convention, Financement, Projet, Versement
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe, et_l_equipe
from contrat_ville.trouver import projet_du_bureau
from participation.socle.actions import enregistrer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, montant
from participation.socle.francais import montant as en_euros
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page, acte


class VersementForm(ActeForm):
    objet: Projet

    financement = champ_parmi("Financeur", Financement.objects.none(), vide=None)
    montant = ChampMontant("Montant (€)", positif=True)
    date = champ_jour("Versé le")
    reference = champ_ligne("Référence", "Numéro d’engagement ou de mandat.", requis=False, maximum=60)

    def preparer(self) -> None:
        du = Coalesce("definitif", "accorde")
        possibles = self.objet.financements.filter(verse__lt=du).select_related("financeur")
        self.choisir("financement", possibles)
        choix: Any = self.fields["financement"]
        choix.label_from_instance = lambda f: (
            f"{f.financeur.court} : {montant(f.verse)} versés sur {montant(f.du)}"
        )


@acte(
    Page[Projet](
        form=VersementForm, consequence="Une erreur se corrige ensuite, avec sa raison.", retour="#apres"
    )
)
@transaction.atomic
def enregistrer_versement(
    projet: Projet,
    *,
    par: Compte,
    financement: Financement,
    montant: Decimal,
    date: date,
    reference: str = "",
) -> Versement:
    """Record a payment.

    Raises ValidationError above the grant or for a future date; ErreurMetier when it is already recorded
    (double click, or somebody else).
    """
    pas = exiger(projet, "enregistrer_versement", par=par)
    _exiger_passe(date)
    memes = Versement.objects.filter(
        financement=financement.pk, montant=montant, date=date, reference=reference, annule_le=None
    )
    if (deja := memes.select_related("par").first()) is not None:
        raise ErreurMetier(
            f"Ce versement est déjà enregistré : {deja}, par {deja.par}. S’il y en a eu deux ce jour-là, donnez à chacun sa référence."
        )
    lu = _ajouter(financement.pk, projet, montant)
    versement = enregistrer(
        Versement(financement=lu, montant=montant, date=date, reference=reference, par=par)
    )
    pas.avancer(fait=f"Versement de {en_euros(montant)}, {lu.financeur.court}")
    return versement


class CorrigerVersementForm(ActeForm):
    objet: Versement

    montant = ChampMontant("Montant (€)", positif=True)
    date = champ_jour("Versé le")
    reference = champ_ligne("Référence", "Numéro d’engagement ou de mandat.", requis=False, maximum=60)
    motif = champ_texte("Pourquoi cette correction", "Le journal la garde.", maximum=500, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in ("montant", "date", "reference")}


@acte(
    Page[Versement](
        form=CorrigerVersementForm,
        consequence="Le journal garde ce qui était écrit. Les sommes suivent.",
        retour="#apres",
        succes="Le versement est corrigé.",
    )
)
@transaction.atomic
def corriger_versement(
    versement: Versement, *, par: Compte, montant: Decimal, date: date, reference: str = "", motif: str
) -> None:
    """Correct a payment; the journal keeps the former values.

    Raises as `enregistrer_versement`, and when nothing changes.
    """
    pas = exiger(versement, "corriger_versement", par=par)
    avant = (versement.montant, versement.date, versement.reference)
    if avant == (montant, date, reference):
        raise ErreurMetier("Rien n’est changé : corrigez le montant, le jour ou la référence.")
    _exiger_passe(date)
    lu = _ajouter(versement.financement_id, versement.suivi, montant - versement.montant)
    apres = f"{en_euros(montant)} le {jour_texte(date)}"
    pas.avancer(
        champs={"montant": montant, "date": date, "reference": reference},
        fait=f"Versement corrigé, {lu.financeur.court} : {apres}, au lieu de {en_euros(avant[0])} le {jour_texte(avant[1])}",
        motif=motif,
        details={
            "versement": versement.pk,
            "avant": {"montant": str(avant[0]), "date": avant[1].isoformat(), "reference": avant[2]},
        },
    )


AnnulerVersementForm = demander_texte("Pourquoi l’annuler", maximum=500, lignes=2)


@acte(
    Page[Versement](
        form=AnnulerVersementForm,
        consequence="Il ne compte plus dans aucune somme. La ligne reste, barrée, avec sa raison au journal.",
        retour="#apres",
        succes="Le versement est annulé.",
    )
)
@transaction.atomic
def annuler_versement(versement: Versement, *, par: Compte, motif: str) -> None:
    """Cancel a wrong line. It no longer counts but stays visible."""
    pas = exiger(versement, "annuler_versement", par=par)
    lu = _ajouter(versement.financement_id, versement.suivi, -versement.montant)
    pas.avancer(
        champs={"annule_le": timezone.now()},
        fait=f"Versement annulé, {lu.financeur.court} : {en_euros(versement.montant)} du {jour_texte(versement.date)}",
        motif=motif,
        details={"versement": versement.pk},
    )


def _exiger_passe(jour: date) -> None:
    if jour > timezone.localdate():
        raise ValidationError(
            {"date": "Ce jour n’est pas encore passé : un versement se note une fois fait."}
        )


def _ajouter(numero: int, projet: Projet, difference: Decimal) -> Financement:
    """Add `difference` to what this financer has paid. Raises ValidationError above what it owes."""
    financements = Financement.objects.select_for_update(of=("self",)).select_related("financeur")
    lu: Financement = financements.get(pk=numero, projet=projet.pk)
    verse = lu.verse + difference
    if verse > lu.du and difference > 0:
        raise ValidationError({"montant": f"{lu.financeur.court} : il reste {en_euros(lu.reste)} à verser."})
    if verse < 0:
        raise ErreurMetier(
            f"{lu.financeur.court} n’a versé que {en_euros(lu.verse)} d’après le dernier fichier de Dauphin : vérifiez d’abord ce montant."
        )
    lu.verse = verse
    lu.save(update_fields=["verse"])
    return lu


class ConventionForm(ActeForm):
    numero = champ_ligne("Numéro de la convention", maximum=60, court=True)
    date_signature = champ_jour("Signée le")


@acte(
    Page[Projet](
        form=ConventionForm,
        consequence=et_l_equipe("conventionner", "Son équipe est prévenue.", "Le projet peut commencer."),
        retour="#apres",
    )
)
@transaction.atomic
def conventionner(projet: Projet, *, par: Compte, numero: str, date_signature: date) -> None:
    """Record the convention. Raises ValidationError for a future date."""
    pas = exiger(projet, "conventionner", par=par)
    if date_signature > timezone.localdate():
        raise ValidationError({"date_signature": "Une convention signée a sa date passée, ou d’aujourd’hui."})
    Convention.objects.create(projet=projet, numero=numero, date_signature=date_signature)
    pas.avancer(details={"numero": numero})
    ecrire_a_l_equipe(projet, "conventionner")


def versement_du_bureau(request: RequeteConnectee, pk: int) -> Versement:
    versement = get_object_or_404(Versement.objects.select_related("financement__financeur"), pk=pk)
    versement.financement.projet = projet_du_bureau(request, versement.financement.projet_id)
    return versement


def versements_de(projet: Projet, compte: Compte) -> list[tuple[Versement, list[Bouton]]]:
    """Each payment with its buttons, the cancelled ones included."""
    lignes = []
    for versement in Versement.objects.filter(financement__projet=projet.pk).select_related(
        "financement__financeur"
    ):
        versement.financement.projet = projet
        lignes.append((versement, boutons_de(versement, compte)))
    return lignes
