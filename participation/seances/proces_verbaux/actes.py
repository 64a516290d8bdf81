"""Acts on a procès-verbal: write, submit, approve, correct, publish, and remarks of members."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Point, ProcesVerbal, RemarquePV, Seance, VersionPV
from participation.seances.proces_verbaux import releve as proces_verbaux_releve
from participation.seances.proces_verbaux import texte as proces_verbaux_texte
from participation.seances.proces_verbaux.documents import demander_documents, demander_feuille, demander_pdf
from participation.seances.proces_verbaux.lectures import (
    dire_le_vote,
    est_refuse,
    inscrit_au,
    point_approuvant,
    points_d_approbation,
)
from participation.seances.workflow import EtatPV
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_parmi, champ_texte
from participation.socle.francais import accorder, jour_texte, pluriel
from participation.socle.models import Compte, Document, LigneDeJournal
from participation.socle.regles.versions import TexteDepasse, empreinte
from participation.socle.views.pages import Page, acte


def dire_soumission(pv: ProcesVerbal) -> str:
    combien = pv.seance.convies.filter(convoque_le__isnull=False).count()
    if not combien:
        return "Le texte est gardé tel quel et son PDF se prépare. Personne n’a de siège à cette réunion : aucune lettre ne part."
    return (
        f"Le texte est gardé tel quel, son PDF se prépare, et {accorder(combien, 'personne convoquée')} "
        f"{pluriel(combien, 'reçoit,reçoivent')} un lien pour le lire et faire des remarques."
    )


def dire_approbation(pv: ProcesVerbal) -> str:
    figer = "Le PDF est refait avec la mention de l’approbation, puis figé : ni son contenu ni son empreinte ne changent plus."
    if pv.est_entre_invites():
        return f"{figer} Personne n’a de siège à cette réunion : aucune lettre ne part."
    debut = inscrit_au(pv)
    attend = f"Son approbation est à l’ordre du jour du {jour_texte(debut)}. " if debut is not None else ""
    return f"{attend}{figer} Les membres sont prévenus."


@transaction.atomic
def rediger_pv(seance: Seance, *, par: Compte) -> ProcesVerbal:
    """Begin the procès-verbal with a text made from the notes of the séance, or return the existing one.

    Raises ActeInterdit if the séance is not over, or for a visit or a training.
    """
    pas = exiger(seance, "rediger_pv", par=par)
    if not seance.est_deliberante:
        raise ActeInterdit("Une visite ou une formation n’a pas de procès-verbal.")
    pv, est_neuf = ProcesVerbal.objects.get_or_create(
        seance=seance, defaults={"texte": proces_verbaux_texte.premier_texte(seance)}
    )
    if est_neuf:
        pas.avancer()
    return pv


@transaction.atomic
def ecrire_pv(
    pv: ProcesVerbal, *, par: Compte, texte: Mapping[str, str], vus: Mapping[str, str] | None = None
) -> bool:
    """Save the parts that were changed; the others keep their current text. Return whether something changed.

    `vus`: fingerprint of each part when the page was opened. Raises TexteDepasse for a part that two people
    changed.
    """
    pas = _exiger(pv, "ecrire_pv", par=par)
    nouveau = _fondre(pv, texte, vus or {})
    if nouveau == pv.texte:
        return False
    pas.avancer(champs={"texte": nouveau})
    return True


def empreinte_partie(pv: ProcesVerbal, cle: str) -> str:
    """Return the fingerprint of one part, which the page keeps to detect a change by somebody else."""
    return empreinte(_Partie(pv.texte.get(cle, "")), ["html"])


@acte(
    Page[ProcesVerbal](
        consequence=dire_soumission,
        titre=lambda pv: (
            "Soumettre le procès-verbal" if pv.etat == EtatPV.BROUILLON else "Soumettre de nouveau"
        ),
        succes="Le procès-verbal est soumis. Son PDF se prépare.",
    )
)
@transaction.atomic
def soumettre_pv(pv: ProcesVerbal, *, par: Compte) -> VersionPV:
    """Freeze text and data in a new version, ask for its PDF and write to the members."""
    pas = _exiger(pv, "soumettre_pv", par=par)
    releve, derniere = proces_verbaux_releve.donnees(pv.seance), pv.derniere
    if derniere is not None and (derniere.texte, derniere.donnees) == (pv.texte, releve):
        raise ActeInterdit("Cette version est déjà soumise : rien n’a changé depuis.")
    version = _nouvelle_version(pv, pv.texte, releve, par=par)
    pas.avancer(
        champs={
            "soumis_le": timezone.now(),
            "feuille": pv.feuille or demander_feuille(pv.seance, releve, par=par),
        },
        fait="" if version.numero == 1 else "Procès-verbal soumis de nouveau",
        details={"version": version.numero},
    )
    demander_documents(pv, version, par=par)
    _ecrire("soumettre_pv", version)
    return version


class ApprouverForm(ActeForm):
    objet: ProcesVerbal

    point = champ_parmi(
        "Approuvé au point",
        Point.objects.none(),
        "Les points d’approbation des séances qui se sont tenues depuis.",
        requis=False,
        vide="Autrement (consultation écrite…)",
    )
    est_publie = champ_case(
        "Publier le procès-verbal sur le site", "Les points à huis clos n’y sont jamais.", requis=False
    )

    def preparer(self) -> None:
        points = points_d_approbation(self.objet)
        self.choisir(
            "point", Point.objects.filter(pk__in=[point.pk for point in points]).select_related("seance")
        )
        choix: Any = self.fields["point"]
        votes = {point.pk: dire_le_vote(point) for point in points}
        choix.label_from_instance = lambda point: f"{point.titre} ({point.seance.titre}, {votes[point.pk]})"
        self.initial["est_publie"] = self.objet.seance.instance.est_publique
        # No default when no point approves it: the agent must choose.
        if (approuvant := point_approuvant(points)) is not None:
            self.initial["point"] = approuvant.pk
        elif not points and self.objet.est_entre_invites():
            del self.fields["point"]  # no séance approves it


@acte(
    Page[ProcesVerbal](
        form=ApprouverForm,
        consequence=dire_approbation,
        succes="Le procès-verbal est approuvé. Son PDF se prépare, il sera figé ensuite.",
    )
)
@transaction.atomic
def approuver_pv(
    pv: ProcesVerbal, *, par: Compte, point: Point | None = None, est_publie: bool | None = None
) -> VersionPV:
    """Note the approval of the submitted version, at a point of a later séance or otherwise.

    `est_publie`: by default, as the instance. Raises ActeInterdit (not submitted, or already approved) and
    ErreurMetier (text changed since it was submitted, or point about something else).
    """
    pas, version = _exiger(pv, "approuver_pv", par=par), pv.derniere
    assert version is not None  # noqa: S101 `manques` says so
    if point is not None:
        _exiger_point(pv, point)
    publie = pv.seance.instance.est_publique if est_publie is None else est_publie
    pas.avancer(
        champs={"approuve_le": timezone.now(), "approuve_a": point, "est_publie": publie},
        details={"version": version.numero, "point": point.pk if point else None, "publie": publie},
    )
    demander_documents(pv, version, par=par)
    _ecrire("approuver_pv", version)
    return version


@transaction.atomic
def corriger_pv(
    pv: ProcesVerbal,
    *,
    par: Compte,
    texte: Mapping[str, str],
    motif: str,
    vus: Mapping[str, str] | None = None,
) -> VersionPV:
    """Correct an approved procès-verbal: a new version, with a reason. Former versions stay, with their PDF."""
    pas = _exiger(pv, "corriger_pv", par=par)
    if not motif.strip():
        raise ErreurMetier("Dites pourquoi le procès-verbal approuvé est corrigé.")
    nouveau, releve, derniere = (
        _fondre(pv, texte, vus or {}),
        proces_verbaux_releve.donnees(pv.seance),
        pv.derniere,
    )
    if derniere is not None and (derniere.texte, derniere.donnees) == (nouveau, releve):
        raise ErreurMetier("Rien n’a changé : il n’y a pas de correction à enregistrer.")
    version = _nouvelle_version(pv, nouveau, releve, par=par, motif=motif.strip())
    pas.avancer(
        champs={"texte": nouveau},
        fait=f"Procès-verbal corrigé, version {version.numero}",
        motif=version.motif,
        details={"version": version.numero},
    )
    demander_documents(pv, version, par=par)
    _ecrire("corriger_pv", version)
    return version


@acte(
    Page[ProcesVerbal](
        consequence="Chacun peut le lire sur le site, sans les points à huis clos.",
        succes="Le procès-verbal est publié.",
    )
)
@transaction.atomic
def publier_pv(pv: ProcesVerbal, *, par: Compte) -> None:
    """Put an approved procès-verbal on the public pages."""
    _publier(pv, "publier_pv", par=par, est_publie=True)


@acte(
    Page[ProcesVerbal](
        consequence="Il n’est plus lu que par les membres de l’instance et les agents du service.",
        succes="Le procès-verbal n’est plus publié.",
    )
)
@transaction.atomic
def depublier_pv(pv: ProcesVerbal, *, par: Compte) -> None:
    """Take a procès-verbal off the public pages."""
    _publier(pv, "depublier_pv", par=par, est_publie=False)


def _publier(pv: ProcesVerbal, acte: str, *, par: Compte, est_publie: bool) -> None:
    _exiger(pv, acte, par=par).avancer(champs={"est_publie": est_publie})
    for version in pv.versions_publiques:
        if version.document is None:
            continue
        if version.a_huis_clos:
            if est_publie and version.document_public is None:
                version.document_public = demander_pdf(pv, version, par=par, est_public=True)
                version.save(update_fields=["document_public"])
            publique = version.document_public
        else:
            publique = version.document
        if publique is not None:
            Document.objects.filter(pk=publique.pk).update(est_public=est_publie)


@transaction.atomic
def remarquer_pv(pv: ProcesVerbal, *, par: Compte, texte: str) -> RemarquePV:
    """Add a member's remark on a submitted procès-verbal."""
    pas = _exiger(pv, "remarquer_pv", par=par)
    remarque = enregistrer(RemarquePV(proces_verbal=pv, membre=pv.membre_de(par), texte=texte.strip()))
    pas.avancer()
    return remarque


class TraiterRemarqueForm(ActeForm):
    # The field is written by the template, under each remark.
    reponse = forms.CharField(
        max_length=300, error_messages={"required": "Dites en une phrase ce qui est fait de cette remarque."}
    )


@acte(
    Page[RemarquePV](
        form=TraiterRemarqueForm, en_un_clic=True, succes="La remarque est traitée.", retour="#remarques"
    )
)
@transaction.atomic
def traiter_remarque(remarque: RemarquePV, *, par: Compte, reponse: str) -> LigneDeJournal:
    """Mark a remark as dealt with. The member reads the answer on the page of the procès-verbal."""
    verrouiller(remarque.proces_verbal.seance)
    return avancer(
        remarque,
        "traiter_remarque",
        par=par,
        champs={"traitee_le": timezone.now(), "reponse": reponse.strip()},
    )


class _Partie:
    def __init__(self, html: str) -> None:
        self.html = html


def _exiger(pv: ProcesVerbal, acte: str, *, par: Compte) -> Pas:
    """Lock the séance, then its procès-verbal: the lock order of every act."""
    verrouiller(pv.seance)
    return exiger(pv, acte, par=par)


def _exiger_point(pv: ProcesVerbal, point: Point) -> None:
    if point.nature != Point.Nature.APPROBATION or point.pv_de_id != pv.seance_id:
        raise ErreurMetier("Ce point n’est pas l’approbation de ce procès-verbal.")
    if point.seance.ouverte_le is None:
        raise ErreurMetier("La séance qui l’approuve n’est pas encore ouverte.")
    if est_refuse(point):
        raise ErreurMetier("Le vote de ce point n’a pas approuvé le procès-verbal.")


def _fondre(pv: ProcesVerbal, texte: Mapping[str, str], vus: Mapping[str, str]) -> dict[str, str]:
    """Return the current text with the changed parts replaced.

    Parts are compared one by one, so that two people may write at the same time.
    """
    actuel: dict[str, str] = dict(pv.texte)
    connues = {
        proces_verbaux_texte.OUVERTURE,
        proces_verbaux_texte.FIN,
        *(str(pk) for pk in pv.seance.points.values_list("pk", flat=True)),
    }
    nouveau, erreurs = dict(actuel), {}
    for cle, html in texte.items():
        if cle not in connues:
            continue
        propre, aujourd_hui = proces_verbaux_texte.nettoyer(html), actuel.get(cle, "")
        if propre == aujourd_hui:
            continue
        vu = vus.get(cle, "")
        if vu and vu != empreinte_partie(pv, cle):
            if empreinte(_Partie(propre), ["html"]) == vu:
                continue  # not changed by this person: keep the other person's text
            erreurs[f"partie_{cle}"] = [
                f"Aujourd’hui, il est écrit : « {proces_verbaux_texte.sans_balises(aujourd_hui) or 'rien'} »"
            ]
            continue
        nouveau[cle] = propre
    if erreurs:
        raise TexteDepasse(
            {
                NON_FIELD_ERRORS: [
                    "Quelqu’un a changé les mêmes parties pendant que vous les écriviez. Rien n’est enregistré : votre version "
                    "est gardée ici, avec celle d’aujourd’hui. Reprenez ce qui doit l’être, puis enregistrez de nouveau."
                ],
                **erreurs,
            }
        )
    return nouveau


def _nouvelle_version(
    pv: ProcesVerbal, texte: dict[str, str], releve: dict[str, Any], *, par: Compte, motif: str = ""
) -> VersionPV:
    derniere = pv.derniere
    return VersionPV.objects.create(
        proces_verbal=pv,
        numero=derniere.numero + 1 if derniere else 1,
        texte=texte,
        donnees=releve,
        motif=motif,
        par=par,
    )


PREFIXE, PREFIXE_VU = "partie_", "vu_"


class TexteForm(forms.Form):
    """One field for each part of the text, with the fingerprint of the text that was shown."""

    def __init__(
        self,
        *args: Any,
        pv: ProcesVerbal,
        points: list[tuple[str, str]],
        avec_motif: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pv, self.cles = pv, []
        for cle, titre in proces_verbaux_texte.parties(points):
            self.cles.append(cle)
            self.fields[PREFIXE + cle] = champ_texte(
                titre,
                maximum=60_000,
                requis=False,
                attributs={"data-editeur": ""},
                initial=pv.texte.get(cle, ""),
            )
            self.fields[PREFIXE_VU + cle] = forms.CharField(
                required=False, max_length=32, initial=empreinte_partie(pv, cle), widget=forms.HiddenInput
            )
        if avec_motif:
            self.fields["motif"] = champ_texte(
                "Raison de la correction",
                "Écrite dans la nouvelle version et dans la lettre aux membres.",
                maximum=1000,
                lignes=3,
            )

    def clean(self) -> dict[str, Any]:
        """Return `texte` and `vus`, by part, and `motif` if the form asks for it."""
        donnees: dict[str, Any] = super().clean() or {}
        propre: dict[str, Any] = {
            "texte": {cle: donnees.get(PREFIXE + cle, "") for cle in self.cles},
            "vus": {cle: donnees.get(PREFIXE_VU + cle, "") for cle in self.cles},
        }
        return propre | ({"motif": donnees.get("motif", "")} if "motif" in self.fields else {})

    def relire(self, champs: Iterable[str]) -> None:
        """Take the fingerprints of the current text, after TexteDepasse.

        The page then shows the current text beside the typed one. Sending the form again replaces it.
        """
        self.pv.refresh_from_db(fields=["texte"])
        saisies: Any = dict(self.data.items())
        for cle in self.cles:
            if f"{PREFIXE}{cle}" in self.errors:
                saisies[PREFIXE_VU + cle] = empreinte_partie(self.pv, cle)
        self.data = saisies

    def champ(self, cle: str) -> forms.BoundField:
        return self[PREFIXE + cle]

    def champ_vu(self, cle: str) -> forms.BoundField:
        return self[PREFIXE_VU + cle]


class RemarquerForm(forms.Form):
    texte = champ_texte(
        "Votre remarque",
        "Dites le point concerné, et ce qui devrait être écrit. Les agents du service la lisent.",
        maximum=3000,
        lignes=4,
    )


def _ecrire(lettre: str, version: VersionPV) -> None:
    """Write to everybody convened to the séance; to those who have left since, only if they attended."""
    pv = version.proces_verbal
    adresses = (
        pv.seance.convies.filter(
            Q(retire_le__isnull=True) & (Q(membre__au__isnull=True) | Q(membre__au__gte=timezone.localdate()))
            | Q(presences__isnull=False),
            convoque_le__isnull=False,
        )
        .order_by("membre__compte__courriel")
        .values_list("membre__compte__courriel", flat=True)
        .distinct()
    )
    ecrire_a_plusieurs(
        f"seances/{lettre}",
        [Destinataire(adresse) for adresse in adresses],
        cle=f"{lettre}:{version.pk}",
        contexte={
            "pv": pv,
            "version": version,
            "seance": pv.seance,
            "instance": pv.seance.instance,
            "lien": reverse("seances:lire_proces_verbal", args=[pv.seance_id]),
        },
    )
