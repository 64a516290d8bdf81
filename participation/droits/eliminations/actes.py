"""The elimination slips: prepared, sent to the archives, answered line by line, done, certified."""

import logging
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.droits.eliminations.lectures import (
    LOTS,
    a_choisir,
    a_proposer,
    eliminations,
    entieres,
    lignes,
    lot_entier,
    proposes,
    tient,
)
from participation.droits.models import Bordereau, LigneBordereau, ReglementDroits, lignes_visees
from participation.droits.workflow import Avis, EtatBordereau
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.documents import demander_document, figer_document
from participation.socle.actions.oubli import oublier_autour
from participation.socle.bd.verrous import verrou, verrou_de_session
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_jour, champ_ligne
from participation.socle.francais import INSECABLE, accorder, jour_texte
from participation.socle.lectures.conservation import DemarcheEntiere
from participation.socle.models import Compte, Document, Dossier
from participation.socle.travaux.differes import confier, confier_chacun
from participation.socle.views.pages import Page, acte

TACHE = "participation.droits.tasks.eliminer_bordereau"
CERTIFICAT = "droits/bordereau"
journal = logging.getLogger(__name__)


@acte(
    Page[Bordereau](
        ouvre=True,
        consequence=lambda _: (
            f"Le bordereau prend tout ce dont le délai est passé dans toutes les démarches\u00a0: {accorder(len(proposes()[0]), 'ligne')}. "
            "Rien n’est encore éliminé."
        ),
        retour=lambda _, fait: fait.get_absolute_url() if fait else reverse("droits:bordereaux"),
    )
)
@transaction.atomic
def preparer_bordereau(bordereau: Bordereau, *, par: Compte) -> Bordereau:
    """Raises ErreurMetier when nothing is to be proposed. Two agents at once: the second finds the slip of the first."""
    verrou("droits:bordereau")
    lots = a_proposer()
    if not lots:
        raise ErreurMetier("Aucune donnée dont le délai est passé n’attend un bordereau.")
    pas = exiger(bordereau, "preparer_bordereau", par=par)
    bordereau.save()
    pas.avancer(details={"lignes": len(lots)})
    LigneBordereau.objects.bulk_create(lignes(bordereau, lots))
    return bordereau


def _choix() -> list[tuple[str, str]]:
    return [
        ("", "Choisissez"),
        *((f"{d.cle}:{o.pk}", f"{d.genre.partition(INSECABLE)[0]}\u00a0: {o}") for d, o in a_choisir()),
    ]


class ChoisirForm(ActeForm):
    demarche = champ_choix(
        "La démarche",
        [],
        "Seules celles qui sont finies, et dont le délai est passé, sont proposées.",
        erreur="Choisissez une démarche.",
    )

    def preparer(self) -> None:
        champ: Any = self.fields["demarche"]
        champ.choices = _choix()
        if len(champ.choices) == 1:
            champ.help_text = "Aucune démarche n’est à la fois finie et au bout de son délai."


@acte(
    Page[Bordereau](
        ouvre=True,
        form=ChoisirForm,
        consequence="Le bordereau réunit tout ce que la démarche garde des personnes. Ce qui est publié, et les nombres, "
        "ne changeront pas. Rien n’est encore éliminé.",
        retour=lambda _, fait: fait.get_absolute_url() if fait else reverse("droits:bordereaux"),
    )
)
@transaction.atomic
def preparer_demarche(bordereau: Bordereau, *, par: Compte, demarche: str) -> Bordereau:
    """Raises ErreurMetier when another slip took it meanwhile, or nobody is left in it."""
    verrou("droits:bordereau")
    trouvee = next(((d, o) for d, o in a_choisir() if f"{d.cle}:{o.pk}" == demarche), None)
    if trouvee is None:
        raise ErreurMetier("Un autre bordereau tient déjà cette démarche.")
    lot = lot_entier(*trouvee)
    if not lot.nombre:
        raise ErreurMetier("Cette démarche ne garde plus personne\u00a0: il n’y a rien à effacer.")
    pas = exiger(bordereau, "preparer_demarche", par=par)
    bordereau.save()
    pas.avancer(details={"demarche": demarche})
    LigneBordereau.objects.bulk_create(lignes(bordereau, [(trouvee[0], lot)]))
    return bordereau


class DemanderVisaForm(ActeForm):
    courriel = champ_courriel("Adresse des archives", max_length=254)

    def initiales(self) -> dict[str, Any]:
        return {"courriel": ReglementDroits.actuel().courriel_archives}


@acte(
    Page[Bordereau](
        form=DemanderVisaForm,
        consequence="Les archives reçoivent un lien, répondent ligne par ligne, et y trouvent le bordereau en PDF, puis le certificat.",
    )
)
@transaction.atomic
def demander_visa(bordereau: Bordereau, *, par: Compte, courriel: str) -> None:
    avancer(bordereau, "demander_visa", par=par)
    _mettre_en_pdf(bordereau, par)
    ecrire(
        "droits/demander_visa",
        a=[courriel],
        contexte={
            "bordereau": bordereau,
            "nombre": bordereau.lignes.count(),
            "lien": reverse("droits:viser_par_lien", args=[bordereau.jeton()]),
        },
    )


class ViserForm(ActeForm):
    """The answer of the archives, line by line."""

    visa = champ_ligne(
        "Numéro de visa",
        "Celui que les archives donnent à ce bordereau.",
        maximum=80,
        erreur="Donnez le numéro de visa.",
    )
    vise_par = champ_ligne("Visé par", "Nom et fonction.", maximum=160, erreur="Dites qui vise.")
    date_visa = champ_jour("Jour du visa")

    def preparer(self) -> None:
        for ligne in self.objet.lignes.all():
            dit = f"{ligne.genre}\u00a0: {ligne.intitule} ({ligne.nombre} lignes, {ligne.dates_extremes})"
            self.fields[f"avis_{ligne.pk}"] = champ_choix(
                dit, [("", "Choisissez"), *Avis.choices], erreur="Dites si cette ligne peut être éliminée."
            )
            self.fields[f"motif_{ligne.pk}"] = champ_ligne(
                "Si elle est refusée, pourquoi", maximum=240, requis=False
            )

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        reponses = {}
        for ligne in self.objet.lignes.all():
            avis, motif = dit.pop(f"avis_{ligne.pk}", ""), dit.pop(f"motif_{ligne.pk}", "")
            if avis == Avis.REFUS and not motif:
                self.add_error(f"motif_{ligne.pk}", "Dites pourquoi cette ligne est refusée.")
            reponses[ligne.pk] = (avis, motif if avis == Avis.REFUS else "")
        return {**dit, "reponses": reponses}


@acte(
    Page[Bordereau](
        form=ViserForm,
        consequence="Ce que vous dites d’une ligne ne change plus. Une ligne refusée est gardée.",
    )
)
@transaction.atomic
def viser_bordereau(
    bordereau: Bordereau,
    *,
    par: Compte | None,
    visa: str,
    vise_par: str,
    date_visa: Any,
    reponses: dict[int, tuple[str, str]],
) -> None:
    """Write what the archives answer: by their signed link (`par` None), or by an agent who read it on paper.

    Raises ValidationError for a day to come, or when a line has no answer.
    """
    pas = exiger(bordereau, "viser_bordereau", par=par)
    if date_visa > timezone.localdate():
        raise ValidationError({"date_visa": "Ce jour n’est pas encore venu."})
    for ligne in bordereau.lignes.all():
        ligne.avis, ligne.motif = reponses.get(ligne.pk, ("", ""))
        if not ligne.avis:
            raise ValidationError("Une ligne n’a pas de réponse\u00a0: relisez le bordereau.")
        enregistrer(ligne)
    refusees = sum(avis == Avis.REFUS for avis, _ in reponses.values())
    pas.avancer(
        champs={"visa": visa, "vise_par": vise_par, "date_visa": date_visa},
        details={"visees": len(reponses) - refusees, "refusees": refusees},
    )


@acte(
    Page[Bordereau](
        consequence=lambda b: (
            f"À éliminer, sans retour\u00a0: {accorder(b.lignes.filter(avis=Avis.VISA, eliminee_le=None).count(), 'ligne')}. Les nombres publiés ne changent pas. Un certificat est fait à la fin."
        )
    )
)
@transaction.atomic
def eliminer_bordereau(bordereau: Bordereau, *, par: Compte) -> None:
    """Give the slip to the worker, which purges each line that has a visa."""
    avancer(bordereau, "eliminer_bordereau", par=par, champs={"eliminer_le": timezone.now(), "par": par})
    confier(TACHE, bordereau.pk)


def poursuivre_elimination(numero: int) -> None:
    """Purge what is left, one transaction a line, by the act of its app. Safe to run twice, even at once."""
    with verrou_de_session(f"droits:bordereau:{numero}") as libre:
        bordereau = Bordereau.objects.filter(pk=numero, etat=EtatBordereau.VISE).first()
        if not libre or bordereau is None or bordereau.eliminer_le is None:
            return
        sortes, demarches = eliminations(), entieres()
        for ligne in bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None):
            if ligne.nature in sortes or ligne.nature in demarches:
                try:
                    if ligne.nature in demarches:
                        _eliminer_demarche(demarches[ligne.nature], ligne)
                    else:
                        sortes[ligne.nature].eliminer(ligne.objet, bordereau.par)
                except (
                    ErreurMetier
                ) as refus:  # its delay was made longer, or it was reopened: the others go on
                    journal.warning("Ligne %s du bordereau %s : %s", ligne.pk, numero, refus.message)


def _eliminer_demarche(demarche: DemarcheEntiere, ligne: LigneBordereau) -> None:
    """Erase all that it keeps of people, and see that nothing is left. Raises ErreurMetier when it is no longer over."""
    if demarche.par_lots is not None:
        objet = _finie(demarche, ligne.objet)
        if ligne.elimines is None:  # counted before the first lot: a killed worker begins again with less
            ligne.elimines = sum(tient(demarche, objet).values())
            ligne.save(update_fields=["elimines"])
        demarche.par_lots(objet)
    with transaction.atomic():
        objet = _finie(demarche, ligne.objet)
        combien = sum(tient(demarche, objet).values())
        demarche.oublier(objet)
        if isinstance(objet, Dossier):
            oublier_autour(objet)
        if reste := tient(demarche, objet):
            raise ErreurMetier(f"Il reste de quoi reconnaître des personnes\u00a0: {', '.join(reste)}.")
        eliminee(demarche.cle, ligne.objet, combien if ligne.elimines is None else ligne.elimines)


def _finie(demarche: DemarcheEntiere, numero: int) -> Any:
    objet = demarche.finies().filter(pk=numero).first()
    if objet is None:
        raise ErreurMetier("La démarche n’est plus finie, ou son délai est plus long.")
    return objet


def reprendre_eliminations() -> None:
    """Give again to the workers the slips under way, and freeze the certificates that are made (every minute)."""
    en_route = Bordereau.objects.filter(etat=EtatBordereau.VISE, eliminer_le__isnull=False)
    confier_chacun(TACHE, en_route.values_list("pk", flat=True))
    faits = Document.objects.filter(nature=CERTIFICAT, etat=Document.Etat.PRET, fige_le=None)
    for document in faits.filter(
        pk__in=Bordereau.objects.filter(etat=EtatBordereau.ELIMINE).values("certificat")
    ):
        figer_document(document, par=None)


@transaction.atomic
def eliminee(nature: str, objet: int, nombre: int) -> None:
    """Note on its slip that a lot is eliminated: each purge calls it. The last line certifies the slip."""
    for ligne in lignes_visees(nature, objet).select_related("bordereau"):
        LigneBordereau.objects.filter(pk=ligne.pk).update(eliminee_le=timezone.now(), elimines=nombre)
        if not ligne.bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None).exists():
            certifier_bordereau(ligne.bordereau, par=None)
        LOTS.oublier()


@acte(
    Page[Bordereau](
        consequence="Le certificat dit ligne par ligne ce qui a été éliminé, et ce qui ne l’a pas été. Ce qui reste pourra "
        "être proposé de nouveau."
    )
)
@transaction.atomic
def certifier_bordereau(bordereau: Bordereau, *, par: Compte | None) -> None:
    """Close the slip: by itself once its last line is eliminated, or by an agent when a line no longer can be."""
    avancer(bordereau, "certifier_bordereau", par=par)
    _mettre_en_pdf(bordereau, par or bordereau.par)


def _mettre_en_pdf(bordereau: Bordereau, par: Compte | None) -> None:
    """Ask for the PDF: the slip as it is proposed, then the certificate of what was done."""
    est_fait = bordereau.etat == EtatBordereau.ELIMINE
    bordereau.certificat = demander_document(
        nature=CERTIFICAT,
        titre=f"{'Certificat d’élimination' if est_fait else 'Bordereau d’élimination'} n° {bordereau.pk}",
        donnees={
            "est_certificat": est_fait,
            "visa": bordereau.visa,
            "vise_par": bordereau.vise_par,
            "date_visa": jour_texte(bordereau.date_visa) if bordereau.date_visa else "",
            "lignes": [
                {
                    "service": ligne.service,
                    "genre": ligne.genre,
                    "intitule": ligne.intitule,
                    "dates": ligne.dates_extremes,
                    "dua": ligne.dua,
                    "nombre": ligne.nombre,
                    "observations": ligne.observations,
                    "avis": ligne.get_avis_display(),
                    "motif": ligne.motif,
                    "eliminee_le": jour_texte(ligne.eliminee_le, "chiffres") if ligne.eliminee_le else "",
                }
                for ligne in bordereau.lignes.all()
            ],
        },
        par=par,
        est_interne=True,
    )
    Bordereau.objects.filter(pk=bordereau.pk).update(certificat=bordereau.certificat)


@acte(
    Page[Bordereau](
        consequence="Les lignes pourront être proposées de nouveau. Le bordereau reste, avec sa raison."
    )
)
def abandonner_bordereau(
    bordereau: Bordereau, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    avancer(bordereau, "abandonner_bordereau", par=par, motif=motif)
