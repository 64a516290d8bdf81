"""Acts on an adopted avis: transmit, acknowledge, cite, answer, present to the members, close, sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from ccspl import avis as presentation
from ccspl.models import LA_COMMISSION, Avis, Preconisation, Transmission
from ccspl.transmission import lettres
from participation.socle.actions import avancer, enregistrer, exiger, fixer_echeance
from participation.socle.actions.documents import fabriquer_document, figer_document
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_courriel,
    champ_jour,
    champ_parmi,
    champ_qui,
    champ_texte,
)
from participation.socle.francais import INSECABLE, accorder, enumerer, jour_texte
from participation.socle.models import Appartenance, Compte, Direction, Document
from participation.socle.views.pages import Page, Reserve, acte
from participation.socle.workflow import Role
from participation.suites import actes as actes_suites
from participation.suites.models import ReglementSuites, Suite

FICHE, INTERVENTION = "ccspl/fiche", "ccspl/intervention"


DOUBLE_CLIC = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AutreDestinataire:
    """A recipient other than a direction: élu, commission, council."""

    nature: str
    nom: str
    adresse: str = ""


NOMMES = 4


def _nommer(destinataires: list[str]) -> str:
    """Return the names of the recipients; above NOMMES, the first ones and the number of the others."""
    if len(destinataires) <= NOMMES:
        return enumerer(destinataires)
    return f"{enumerer([*destinataires[:NOMMES], accorder(len(destinataires) - NOMMES, 'autre')])}"


def dire_envois(avis: Avis, envois: Sequence[Transmission]) -> str:
    """Message of success: recipients written to, then those without an address, who got nothing."""
    partis, restes = (
        [envoi.destinataire for envoi in envois if envoi.est_sans_adresse is sans] for sans in (False, True)
    )
    fait = f"Avis transmis{INSECABLE}: {_nommer(partis)}." if partis else ""
    if not restes:
        return fait
    return Reserve(
        f"{fait} Aucune adresse connue{INSECABLE}: {_nommer(restes)}. Rien n’est parti "
        f"{'de ce côté' if partis else ''}".rstrip()
        + f"{INSECABLE}: remettez le PDF vous-même, puis notez la remise. « Ma journée » vous le rappelle."
    )


def dire_la_presentation(jour: date | None) -> str:
    """Say that the answers are not presented yet; "" once their day has come."""
    if jour is None:
        return " Les réponses n’ont pas encore été présentées aux membres en séance."
    if jour <= timezone.localdate():
        return ""
    return f" Les réponses ne sont pas encore présentées aux membres : elles sont à l’ordre du jour du {jour_texte(jour)}."


def date_par_defaut() -> Any:
    reglement = ReglementSuites.objects.en_vigueur()
    return timezone.localdate() + timedelta(
        days=reglement.objectif_jours if reglement else JOURS_SANS_REGLEMENT
    )


class TransmettreForm(ActeForm):
    """A direction for each préconisation without a suite, then the other recipients."""

    directions: Any = forms.ModelMultipleChoiceField(
        label="Directions qui reçoivent l’avis",
        queryset=Direction.objects.filter(est_active=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Celles qui répondent à une préconisation le reçoivent de toute façon.",
    )
    au_conseil = champ_case(ici_plus_tard("Au {conseil}"), requis=False)
    adresse_conseil = champ_courriel("Courriel du service des assemblées", requis=False)
    elus: Any = forms.MultipleChoiceField(label="Élus", widget=forms.CheckboxSelectMultiple, required=False)
    autres = champ_texte(
        "Commissions et autres élus",
        "Un par ligne : le nom, puis l’adresse. Par exemple : Commission Transition, commission@exemple.fr",
        lignes=3,
        requis=False,
        maximum=2000,
    )
    date_limite = champ_jour(
        "Réponse attendue le", erreur="Dites pour quand la réponse est attendue.", initial=date_par_defaut
    )

    objet: Avis

    def preparer(self) -> None:
        avis = self.objet
        self.lignes = list(avis.preconisations.filter(suite__isnull=True).order_by("numero"))
        directions = Direction.objects.filter(est_active=True)
        ordre = []
        for ligne in self.lignes:
            nom = f"direction_{ligne.pk}"
            ordre.append(nom)
            self.fields[nom] = champ_parmi(
                f"Préconisation {ligne.numero}",
                directions,
                ligne.texte,
                erreur=f"Dites qui répond à la préconisation {ligne.numero}.",
                vide="Choisir la direction qui répond",
                initial=ligne.direction_id or avis.service.direction_id,
            )
        self.order_fields([*ordre, "directions"])
        elus = (
            Appartenance.objects.en_vigueur()
            .filter(role=Role.ELU, compte__is_active=True)
            .select_related("compte")
            .order_by("compte__nom", "compte__prenom")
        )
        self._elus = {str(a.compte_id): a.compte for a in elus}
        champ: Any = self.fields["elus"]
        champ.choices = [(pk, str(compte)) for pk, compte in self._elus.items()]
        if not self._elus:
            del self.fields["elus"]

    def clean_autres(self) -> list[AutreDestinataire]:
        lus = []
        for ligne in filter(str.strip, self.cleaned_data["autres"].splitlines()):
            nom, _, adresse = (partie.strip(" ,;<>") for partie in ligne.rpartition(","))
            if not adresse or not nom:
                raise forms.ValidationError(
                    f"« {ligne.strip()} » : écrivez un nom, une virgule, puis l’adresse."
                )
            try:
                validate_email(adresse)
            except ValidationError:
                raise forms.ValidationError(f"« {adresse} » n’est pas une adresse complète.") from None
            est_commission = "commission" in nom.lower()
            nature = Transmission.Nature.COMMISSION if est_commission else Transmission.Nature.ELU
            lus.append(AutreDestinataire(nature, nom[:160], adresse))
        return lus

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        autres = list(reponses.get("autres") or [])
        autres += [
            AutreDestinataire(Transmission.Nature.ELU, str(self._elus[pk])[:160], self._elus[pk].courriel)
            for pk in reponses.get("elus") or []
        ]
        if reponses.get("au_conseil"):
            autres.append(
                AutreDestinataire(
                    Transmission.Nature.CONSEIL,
                    str(self.objet.conseil or ici("{Conseil}"))[:160],
                    reponses.get("adresse_conseil") or "",
                )
            )
        return {
            "directions": list(reponses.get("directions") or []),
            "autres": autres,
            "date_limite": reponses.get("date_limite"),
            "directions_de": {
                ligne.pk: reponses[f"direction_{ligne.pk}"]
                for ligne in self.lignes
                if reponses.get(f"direction_{ligne.pk}")
            },
        }


@acte(
    Page[Avis](
        form=TransmettreForm,
        consequence="L’avis est figé et part avec son PDF. Chaque préconisation devient une suite : sa direction reçoit un lien pour répondre.",
        succes=dire_envois,
    )
)
@transaction.atomic
def transmettre(
    avis: Avis,
    *,
    par: Compte,
    directions: Sequence[Direction] = (),
    autres: Sequence[AutreDestinataire] = (),
    date_limite: date | None = None,
    directions_de: dict[int, Direction] | None = None,
) -> list[Transmission]:
    """Send the frozen PDF with a signed link; each préconisation without a suite gets one, due by
    `date_limite`.

    `directions_de`: direction in charge of a préconisation, by key, if it is not the one already noted. These
    directions receive the avis too. Raises ValidationError when a préconisation has no direction, when there
    is no recipient, or when the day is past; ActeInterdit when one of them was written to a minute ago.
    """
    pas = exiger(avis, "transmettre", par=par)
    if date_limite is not None and date_limite <= timezone.localdate():
        raise ValidationError({"date_limite": "Choisissez un jour à venir."})
    lignes = list(
        avis.preconisations.select_related("direction").filter(suite__isnull=True).order_by("numero")
    )
    for ligne in lignes:
        ligne.direction = (directions_de or {}).get(ligne.pk) or ligne.direction
        if ligne.direction is None:
            raise ValidationError(f"Dites quelle direction répond à la préconisation {ligne.numero}.")
    vers = list(dict.fromkeys([*directions, *(ligne.direction for ligne in lignes if ligne.direction)]))
    deja = set(avis.transmissions.filter(direction__isnull=False).values_list("direction", flat=True))
    vers = [d for d in vers if d in directions or d.pk not in deja]
    if not vers and not autres:
        raise ValidationError("Choisissez au moins un destinataire.")
    _exiger_pas_a_l_instant(avis, vers, autres)
    pdf = _figer_le_pdf(avis, par=par)
    envois = [
        (Transmission(nature="direction", direction=d, destinataire=str(d)[:160]), d.adresses()) for d in vers
    ] + [(Transmission(nature=a.nature, destinataire=a.nom, adresse=a.adresse), [a.adresse]) for a in autres]
    pas.avancer(
        details={"directions": [str(d) for d in vers], "autres": [a.nom for a in autres]},
        champs={"transmis_le": avis.transmis_le or timezone.now(), "repondu_le": None},
        fait="" if any(any(adresses) for _, adresses in envois) else "Avis à remettre, aucune adresse connue",
    )
    demandees = [_demander(avis, ligne, par=par, date_limite=date_limite) for ligne in lignes]
    for envoi, adresses in envois:
        envoi.avis, envoi.date_limite = avis, date_limite
        _envoyer(envoi, adresses, pdf, [s for s in demandees if s.direction_id == envoi.direction_id])
    if date_limite is not None:
        fixer_echeance(
            avis,
            "reponse",
            libelle=ici("Recevoir la réponse de la {metropole}"),
            date_limite=date_limite,
            rappels=[14, 2],
            escalade=7,
            responsable=avis.agent,
        )
    return [envoi for envoi, _ in envois]


def _exiger_pas_a_l_instant(
    avis: Avis, vers: Sequence[Direction], autres: Sequence[AutreDestinataire]
) -> None:
    """Raise ActeInterdit if one of the recipients was written to less than a minute ago.

    The avis is locked: the second of two clicks, or of two agents, sends nothing.
    """
    recentes = set(
        avis.transmissions.filter(envoyee_le__gt=timezone.now() - DOUBLE_CLIC).values_list(
            "direction", "destinataire", "adresse"
        )
    )
    demandees = {(d.pk, str(d)[:160], "") for d in vers} | {(None, a.nom, a.adresse) for a in autres}
    if demandees & recentes:
        raise ActeInterdit("Cet avis vient d’être envoyé à ces destinataires.")


def _figer_le_pdf(avis: Avis, *, par: Compte) -> bytes:
    """Freeze the PDF and return its content; make it now if the worker has not done it yet.

    Raises ErreurMetier when it is not ready.
    """
    document: Document | None = avis.document
    if document is None:
        return b""
    if document.etat != Document.Etat.PRET:
        fabriquer_document(document.pk)
        document.refresh_from_db()
    if document.etat != Document.Etat.PRET:
        raise ErreurMetier("Le PDF de l’avis n’est pas prêt. Attendez quelques instants, puis recommencez.")
    if document.fige_le is None:
        figer_document(document, par=par)
    with document.fichier.open("rb") as fichier:
        lu: bytes = fichier.read()
    return lu


def _demander(avis: Avis, ligne: Preconisation, *, par: Compte, date_limite: date | None) -> Suite:
    assert ligne.direction is not None  # noqa: S101 checked by the caller
    suite = actes_suites.ajouter_suite(
        avis,
        par=par,
        intitule=presentation.a_un_rang(ligne.texte, 25)[:200],
        direction=ligne.direction,
        date_limite=date_limite,
        demandee_par=LA_COMMISSION,
    )
    ligne.suite = suite
    ligne.save(update_fields=["suite", "direction"])
    return suite


def _envoyer(
    transmission: Transmission, adresses: Sequence[str], pdf: bytes, demandees: Sequence[Suite]
) -> None:
    enregistrer(transmission)
    transmission.courriel = lettres.transmettre(
        transmission, adresses=[a for a in adresses if a], pdf=pdf, suites=demandees
    )
    transmission.est_sans_adresse = transmission.courriel is None
    transmission.save(update_fields=["courriel", "est_sans_adresse"])


@acte(
    Page[Transmission](
        consequence="Aucune adresse n’était connue, rien n’est parti : vous avez remis le PDF vous-même. Si vous avez trouvé l’adresse, utilisez plutôt « Transmettre l’avis ».",
        titre=lambda transmise: f"Noter la remise{INSECABLE}: {transmise.destinataire}",
        bouton="Noter la remise",
        retour=lambda transmise, _: f"{transmise.avis.get_absolute_url()}#transmissions",
    )
)
@transaction.atomic
def remettre(
    transmission: Transmission,
    *,
    par: Compte,
    le: Annotated[date, champ_jour("Remis le", initial=timezone.localdate)],
) -> None:
    """Record that an agent handed over the avis to a recipient without address.

    Raises ActeInterdit when there is nothing to hand over, ValidationError for a day before the transmission
    or to come.
    """
    pas = exiger(transmission, "remettre", par=par)
    transmission.refresh_from_db(fields=["date_remise", "est_sans_adresse"])
    if not transmission.est_sans_adresse or transmission.date_remise is not None:
        raise ActeInterdit("L’avis est déjà remis à ce destinataire.")
    if not timezone.localdate(transmission.envoyee_le) <= le <= timezone.localdate():
        raise ValidationError({"le": "Choisissez un jour entre la transmission et aujourd’hui."})
    transmission.date_remise = le
    transmission.save(update_fields=["date_remise"])
    pas.avancer(
        fait=f"Avis remis : {transmission.destinataire}"[:160],
        details={"transmission": transmission.pk, "le": le.isoformat()},
    )


@transaction.atomic
def accuser(transmission: Transmission, *, par: None = None, nom: str) -> bool:
    """Record the acknowledgement, by signed link. Returns False if already done. `nom`: who acknowledges."""
    pas = exiger(transmission, "accuser", par=par)
    if transmission.accusee_le is not None:
        return False
    pas.avancer(
        champs={"accusee_le": timezone.now(), "accusee_par": nom.strip()},
        fait=f"Réception accusée : {transmission.destinataire}"[:160],
        motif=nom.strip(),
        details={"transmission": transmission.pk},
    )
    return True


CiterForm = demander_texte(
    "Délibération qui cite l’avis",
    nom="deliberation",
    aide="Son numéro et sa date.",
    maximum=160,
    lignes=1,
    erreur="Donnez le numéro et la date de la délibération.",
    actuel=True,
)


@acte(
    Page[Avis](
        form=CiterForm,
        consequence="La délibération doit viser l’avis de la commission. Elle est affichée sur la page publique.",
    )
)
@transaction.atomic
def citer(avis: Avis, *, par: Compte, deliberation: str) -> None:
    """Record the deliberation of the council that cites the avis."""
    avancer(avis, "citer", par=par, motif=deliberation, champs={"deliberation": deliberation})


ResumerForm = demander_texte(
    "L’avis en deux phrases",
    nom="synthese",
    aide="En mots simples, sans sigle : c’est ce que le public lit d’abord.",
    maximum=800,
    lignes=4,
    erreur="Écrivez le résumé.",
    actuel=True,
)


@acte(Page[Avis](form=ResumerForm))
@transaction.atomic
def resumer(avis: Avis, *, par: Compte, synthese: str) -> None:
    """Save two sentences in plain words, for the sheet and the public page."""
    avancer(avis, "resumer", par=par, motif=synthese, champs={"synthese": synthese})


RepondreForm = demander_texte(
    ici_plus_tard("Ce que la {metropole} a répondu"),
    aide="Écrit dans le journal, public.",
    lignes=4,
    facultatif=True,
)


CloreForm = demander_texte("Un mot pour le journal", maximum=600, facultatif=True)


JOURS_SANS_REGLEMENT = 60


class AccuserForm(forms.Form):
    nom = champ_qui("Votre nom et votre fonction", aide="", erreur="Dites qui accuse réception.")


class AjouterSuiteForm(actes_suites.AjouterSuiteForm):
    date_limite = champ_jour("Attendue le", erreur="Dites pour quand.", initial=date_par_defaut)


AJOUTER_SUITE: Page[Avis] = Page(
    actes_suites.ajouter_suite,
    AjouterSuiteForm,
    "La direction reçoit un lien pour répondre. La suite est publique.",
)
