"""Acts on a candidature: request, confirmation by link, correction, withdrawal, check by an agent; their forms."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum, TextChoices
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from participation.renouvellement.candidatures import lettres
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.models.candidature import CandidatureQuerySet
from participation.renouvellement.workflow import Eligibilite, EtatCandidature
from participation.seances.models import Profil
from participation.socle.actions.avancer import Pas, consigner, enregistrer, exiger
from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import debut_du_jour
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_parmi,
    champ_texte,
    nom_en_lettres,
    voies_proposees,
)
from participation.socle.francais import majuscule
from participation.socle.langues import ecrit, langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Commune, Compte, Quartier, Restauration
from participation.socle.regles.adresses import canoniser
from participation.socle.views.pages import Page, acte

MONTREES = 20  # in the letter of the day


SANS_CHOIX: dict[str, Any] = {"choix": "", "rang_attente": None, "choix_motif": ""}


@transaction.atomic
def candidater(college: CollegeCampagne, **reponses: Any) -> None:
    """Save a candidature sent without account, and write its confirmation link to the address.

    It counts only once confirmed. The page is the same for every address: only a letter says that a
    candidature exists already. Every request is saved; a mailbox gets `courriels_max` letters for the
    campaign, then one per day that lists all pending requests. Raises ActeInterdit when the call is not open.
    """
    campagne = college.campagne
    if not campagne.recoit():
        raise ActeInterdit(
            gettext("L’appel à candidatures n’est pas ouvert : cette candidature n’est pas reçue.")
        )
    boite = canoniser(reponses["courriel"])
    verrou(f"renouvellement:candidater:{campagne.pk}:{boite}")
    siennes = Candidature.objects.filter(campagne=campagne, courriel_canonique=boite)
    deposee = siennes.deposees().select_related("campagne", "college").first()
    if deposee is not None:
        lettres.deja_candidat(deposee)
        return
    candidature = _du_meme_nom(siennes, reponses) or Candidature(campagne=campagne)
    candidature.college = college
    candidature.langue = langue()
    candidature.cree_le = timezone.now()  # a new request restarts the delay of its link
    for champ, valeur in reponses.items():
        setattr(candidature, champ, valeur)
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    _ecrire(candidature)


def _du_meme_nom(siennes: CandidatureQuerySet, reponses: Mapping[str, Any]) -> Candidature | None:
    """Return the pending request of the same person, which the new one replaces."""
    en_attente = siennes.filter(etat=EtatCandidature.A_CONFIRMER)
    return en_attente.filter(
        prenom__iexact=reponses.get("prenom", ""), nom__iexact=reponses.get("nom", "")
    ).first()


def _ecrire(candidature: Candidature) -> None:
    """Write the link, up to the limit of the mailbox; then today's letter, else mark it due later."""
    campagne = candidature.campagne
    siennes = campagne.candidatures.filter(
        courriel_canonique=candidature.courriel_canonique, etat=EtatCandidature.A_CONFIRMER
    )
    candidature.lettre_due = False
    if (siennes.aggregate(n=Sum("lettres_ecrites"))["n"] or 0) < campagne.courriels_max:
        candidature.lettres_ecrites += 1
        lettres.candidater(candidature)
    elif not siennes.filter(reservee_le__gte=debut_du_jour()).exists():
        candidature.reservee_le = timezone.now()
        siennes.update(lettre_due=False)
        lettres.candidatures_du_jour(candidature, list(siennes.order_by("-cree_le", "-pk")[:MONTREES]))
    else:
        candidature.lettre_due = True
    candidature.save(update_fields=["lettres_ecrites", "reservee_le", "lettre_due"])


def ecrire_lettres_dues() -> int:
    """Write the letters due from a former day; return how many."""
    ecrites = 0
    for candidature in Candidature.objects.filter(lettre_due=True).select_related("campagne", "college"):
        with transaction.atomic():
            verrou(f"renouvellement:candidater:{candidature.campagne_id}:{candidature.courriel_canonique}")
            candidature.refresh_from_db(fields=["etat", "lettre_due"])
            attend = candidature.lettre_due and candidature.etat == EtatCandidature.A_CONFIRMER
            if attend and candidature.campagne.recoit():
                _ecrire(candidature)
                ecrites += not candidature.lettre_due
    return ecrites


@transaction.atomic
def confirmer_candidature(candidature: Candidature) -> None:
    """Confirm a candidature and number it. A second call changes nothing.

    Raises ErreurMetier when the address already has a confirmed one, ActeInterdit after the grace period.
    """
    pas = exiger(candidature, "confirmer_candidature", par=None)
    if candidature.est_deposee:
        return
    depot = _depot(candidature.campagne)
    pas.avancer(champs=depot, fait=f"Candidature n° {depot['numero']} déposée")
    lettres.ecrire_au_candidat("confirmer_candidature", candidature, "confirmer")


def _depot(campagne: Campagne) -> dict[str, Any]:
    """Return the fields of a counted candidature. The campaign must be locked."""
    derniere = campagne.candidatures.filter(numero__isnull=False).order_by("-numero").first()
    numero = Restauration.objects.numero_apres(
        derniere.numero or 0 if derniere else 0,
        donne_le=(derniere and derniere.deposee_le) or campagne.cree_le,
    )
    return {"etat": EtatCandidature.DEPOSEE, "numero": numero, "deposee_le": timezone.now()}


@transaction.atomic
def corriger_candidature(candidature: Candidature, **reponses: Any) -> None:
    """Correct a candidature by its link. The address proves who writes and cannot change."""
    pas = exiger(candidature, "corriger_candidature", par=None)
    reponses.pop("courriel", None)
    if candidature.eligibilite != Eligibilite.A_VERIFIER:
        # What was checked has changed: check again.
        reponses |= {"eligibilite": Eligibilite.A_VERIFIER, "motif": ""}
    _corriger(candidature, pas, reponses, "corrigée par son auteur")


MOTIVATION_MAX = 3000


def _nom(libelle: str, erreur: str, usage: str, *, maximum: int = 80) -> forms.CharField:
    """Field of a name. `usage`: value of autocomplete."""
    return champ_ligne(libelle, maximum=maximum, erreur=erreur, attributs={"autocomplete": usage})


SANS_REPONSE = ("", _("Je préfère ne pas répondre"))


def _choix(mots: type[TextChoices]) -> list[tuple[str, str]]:
    return [(mot.value, majuscule(gettext(mot.label))) for mot in mots]


class CandidatureForm(ActeForm):
    """Questions of a collège, or of a candidature to correct.

    `papier`: typed by an agent; what the paper does not say may stay empty. `correction`: by the link.
    `est_piege`: the honeypot field was filled.
    """

    papier = False
    correction = False

    prenom = _nom(_("Prénom"), _("Écrivez votre prénom."), "given-name")
    nom = _nom(_("Nom"), _("Écrivez votre nom."), "family-name")
    organisme = _nom(
        _("Nom de l’association"), _("Écrivez le nom de l’association."), "organization", maximum=160
    )
    courriel = champ_courriel(
        _("Adresse de courriel"),
        _(
            "Nous y envoyons un lien. Votre candidature compte une fois que vous l’avez confirmée par ce lien."
        ),
        erreur=_("Écrivez votre adresse de courriel."),
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        _("Téléphone"),
        maximum=20,
        requis=False,
        court=True,
        attributs={"autocomplete": "tel", "inputmode": "tel"},
    )
    adresse = champ_ligne(
        "Adresse postale",
        "Pour écrire à une personne sans adresse de courriel.",
        maximum=240,
        requis=False,
        attributs={"autocomplete": "street-address", **voies_proposees("commune")},
    )
    commune = champ_parmi(
        _("Commune où vous habitez"),
        Commune.objects.all(),
        erreur=_("Choisissez votre commune dans la liste."),
        messages={"invalid_choice": _("Choisissez votre commune dans la liste.")},
        court=True,
        attributs={"autocomplete": "address-level2"},
        vide=_("Choisir dans la liste"),
    )
    suppleant_prenom = _nom(
        _("Prénom du suppléant ou de la suppléante"),
        _("Écrivez le prénom de la personne qui vous remplacera."),
        "off",
    )
    suppleant_nom = _nom(
        _("Nom du suppléant ou de la suppléante"),
        _("Écrivez le nom de la personne qui vous remplacera."),
        "off",
    )
    suppleant_courriel = champ_courriel(
        _("Adresse de courriel du suppléant ou de la suppléante"),
        requis=False,
        attributs={"autocomplete": "off", "spellcheck": "false"},
    )
    suppleant_adresse = champ_ligne(
        "Adresse postale du suppléant ou de la suppléante",
        "Pour convoquer par la poste qui n’a pas d’adresse de courriel.",
        maximum=240,
        requis=False,
        attributs={"autocomplete": "off", **voies_proposees()},
    )
    motivation = forms.CharField(
        max_length=MOTIVATION_MAX,
        help_text=_("Quelques phrases suffisent. Ce qui compte : ce que vous vivez, ce qui vous intéresse."),
        widget=forms.Textarea(attrs={"rows": 6, "data-compteur": MOTIVATION_MAX}),
    )
    disponibilites = champ_cases(
        _("Quand pouvez-vous venir ?"),
        lambda: _choix(Candidature.Disponibilite),
        _("Cochez tout ce qui vous va."),
        requis=False,
    )
    besoins = champ_cases(
        _("De quoi avez-vous besoin pour participer ?"),
        lambda: _choix(Profil.Besoin),
        _("Votre réponse n’est pas montrée au comité de sélection."),
        requis=False,
    )
    precisions = champ_ligne(_("Précisions"), maximum=300, requis=False)
    age = champ_choix(_("Votre âge"), lambda: [SANS_REPONSE, *_choix(Profil.Age)], requis=False, court=True)
    genre = champ_choix(
        _("Votre genre"), lambda: [SANS_REPONSE, *_choix(Profil.Genre)], requis=False, court=True
    )
    quartier = champ_parmi(
        _("Votre quartier prioritaire"),
        Quartier.objects.select_related("commune"),
        requis=False,
        vide=_("Aucun, ou je préfère ne pas répondre"),
    )
    atteste_age = champ_case(_("J’ai l’âge demandé"))
    atteste_lieu = champ_case(
        ici_plus_tard(_("J’habite l’une des {communes} communes de la {metropole}")),
        erreur=ici_plus_tard(_("Il faut habiter l’une des {communes} communes pour rejoindre ce collège.")),
    )
    atteste_elu = champ_case(
        _("Je n’ai pas de mandat d’élu local"),
        erreur=_("Ce collège n’est pas ouvert aux personnes qui ont un mandat d’élu local."),
    )
    accord_vivier = champ_case(
        _(
            "Si ma candidature n’est pas retenue, gardez mes coordonnées pour me proposer d’autres façons de participer"
        ),
        requis=False,
    )
    # honeypot
    site = forms.CharField(required=False, widget=forms.HiddenInput)

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, CollegeCampagne):
            return {}
        candidature: Candidature = self.objet
        valeurs: dict[str, Any] = {nom: getattr(candidature, nom) for nom in TEXTES}
        valeurs |= {
            "commune": candidature.commune_id,
            "quartier": candidature.quartier_id,
            "disponibilites": candidature.disponibilites,
            "besoins": candidature.besoins,
            "accord_vivier": candidature.accord_vivier,
        }
        return valeurs | {f"question_{cle}": texte for cle, texte in candidature.reponses.items()}

    def preparer(self) -> None:
        college = self.objet if isinstance(self.objet, CollegeCampagne) else self.objet.college
        campagne = college.campagne
        self.est_piege = False
        self.questions = list(campagne.questions.all())
        self.noms_questions = [f"question_{q.pk}" for q in self.questions]
        age = self.fields["atteste_age"]
        age.label = ngettext("J’ai %(ans)s an ou plus", "J’ai %(ans)s ans ou plus", campagne.age_minimum) % {
            "ans": campagne.age_minimum
        }
        age.error_messages["required"] = gettext("Il faut avoir %(ans)s ans pour candidater.") % {
            "ans": campagne.age_minimum
        }
        motivation = self.fields["motivation"]
        instance = ecrit(campagne.denomination)
        motivation.label = format_html(
            gettext("Pourquoi voulez-vous rejoindre {instance} ?"), instance=instance
        )
        motivation.error_messages["required"] = gettext("Dites pourquoi, en quelques mots.")
        if college.est_associatif:
            self.fields["commune"].label = gettext("Commune de l’association")
            motivation.label = format_html(
                gettext("Pourquoi votre association veut-elle rejoindre {instance} ?"), instance=instance
            )
            motivation.help_text = gettext("Ce qu’elle fait, pour qui, et ce qu’elle apporterait.")
        self._poser_les_questions()
        if self.papier:
            self._accepter_les_blancs()
        for nom in self._de_trop(college):
            self.fields.pop(nom, None)

    def _poser_les_questions(self) -> None:
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = champ_texte(
                ecrit(question.libelle),
                ecrit(question.aide),
                maximum=REPONSE_MAX,
                requis=question.est_requise and not self.papier,
                erreur=gettext("Répondez à cette question, même en un mot."),
                lignes=4,
                attributs={"data-compteur": REPONSE_MAX},
            )

    def _accepter_les_blancs(self) -> None:
        for nom in ("courriel", "motivation", "suppleant_prenom", "suppleant_nom", "commune"):
            self.fields[nom].required = False
        self.fields["courriel"].help_text = "Si le formulaire en donne une : la personne reçoit un accusé."
        self.fields["motivation"].help_text = "Recopiez ce qui est écrit."

    def _de_trop(self, college: CollegeCampagne) -> list[str]:
        """Return the fields not asked by this collège, on paper or in a correction."""
        attestations = ["atteste_age", "atteste_lieu", "atteste_elu"]
        if college.est_associatif:
            noms = ["atteste_lieu", "atteste_elu", "quartier"]
        else:
            noms = ["organisme", *([] if college.exclut_elus else ["atteste_elu"])]
        if not college.avec_suppleants:
            noms += ["suppleant_prenom", "suppleant_nom", "suppleant_courriel", "suppleant_adresse"]
        noms += [*attestations, "site"] if self.papier else ["adresse", "suppleant_adresse"]
        if self.correction:
            noms += ["courriel", *attestations, "site"]
        return noms

    def clean_prenom(self) -> str:
        return nom_en_lettres(self.cleaned_data["prenom"])

    def clean_nom(self) -> str:
        return nom_en_lettres(self.cleaned_data["nom"])

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        quartier, commune = lus.get("quartier"), lus.get("commune")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            self.add_error(
                "quartier",
                gettext("Ce quartier est dans une autre commune : %(commune)s.")
                % {"commune": quartier.commune},
            )
        suppleant, courriel = lus.get("suppleant_courriel"), lus.get("courriel")
        if suppleant and courriel and suppleant.strip().lower() == courriel.strip().lower():
            self.add_error(
                "suppleant_courriel", gettext("Donnez une autre adresse : celle-ci est déjà la vôtre.")
            )
        self.est_piege = bool(lus.get("site"))
        return self._reponses(lus)

    def _reponses(self, lus: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of the action. The attestations are required and not kept."""
        gardes = (*TEXTES, "commune", "quartier", "disponibilites", "besoins", "accord_vivier")
        reponses = {nom: lus[nom] for nom in gardes if nom in lus}
        reponses["reponses"] = {
            str(q.pk): lus[f"question_{q.pk}"] for q in self.questions if lus.get(f"question_{q.pk}")
        }
        return reponses


class PapierForm(CandidatureForm):
    papier = True


@acte(
    Page[Candidature](
        form=PapierForm,
        succes="La candidature est corrigée.",
        retour=lambda candidature, _: candidature.get_absolute_url(),
    )
)
@transaction.atomic
def corriger_candidature_agent(candidature: Candidature, *, par: Compte, **reponses: Any) -> None:
    """Correct a candidature by an agent, address included."""
    _corriger(candidature, exiger(candidature, "corriger_candidature_agent", par=par), reponses, "corrigée")


def _corriger(candidature: Candidature, pas: Pas, reponses: dict[str, Any], dit: str) -> None:
    exiger_adresse_libre(candidature, reponses.get("courriel", candidature.courriel))
    if candidature.est_deposee:
        pas.avancer(champs=reponses, fait=f"Candidature n° {candidature.numero} {dit}")
        return
    # A candidature that does not count yet leaves no journal line, so that it can be erased.
    enregistrer(candidature, **reponses)


RetirerForm = demander_texte(
    "Pourquoi la retirer",
    aide="Par exemple « demande reçue par téléphone ». N’écrivez pas de nom.",
    maximum=300,
    lignes=1,
    erreur="Dites pourquoi : c’est écrit dans le journal.",
)


@acte(
    Page[CollegeCampagne](
        form=PapierForm,
        consequence="La candidature compte aussitôt. Avec une adresse de courriel, la personne reçoit un accusé.",
        gabarit="renouvellement/candidatures/saisir_candidature.html",
        contexte=lambda request, college, form: {"college": college},
        succes="La candidature est enregistrée.",
        retour=lambda college, _: reverse("renouvellement:candidatures", args=[college.campagne_id]),
    )
)
@transaction.atomic
def saisir_candidature(college: CollegeCampagne, *, par: Compte, **reponses: Any) -> Candidature:
    """Save a candidature received on paper, with or without email address. It counts at once."""
    exiger(college, "saisir_candidature", par=par)
    candidature = Candidature(
        campagne=college.campagne,
        college=college,
        source=Candidature.Source.PAPIER,
        saisie_par=par,
        **_depot(college.campagne),
        **reponses,
    )
    exiger_adresse_libre(candidature, candidature.courriel)
    if not (candidature.courriel or candidature.telephone or candidature.adresse):
        raise ValidationError(
            {
                "adresse": "Donnez une adresse postale, un courriel ou un téléphone : sans cela, personne ne peut lui répondre."
            }
        )
    enregistrer(candidature)
    fait = f"Candidature n° {candidature.numero} déposée"
    consigner(candidature, "saisir_candidature", par=par, fait=fait)
    if candidature.courriel:
        lettres.ecrire_au_candidat("confirmer_candidature", candidature, "confirmer")
    return candidature


def exiger_adresse_libre(candidature: Candidature, courriel: str) -> None:
    """Raise ValidationError when the address has another candidature. The campaign must be locked."""
    if not courriel:
        return
    autres = candidature.campagne.candidatures.deposees().exclude(pk=candidature.pk)
    if autres.filter(courriel_canonique=canoniser(courriel)).exists():
        raise ValidationError({"courriel": "Une candidature est déjà déposée avec cette adresse."})


REPONSE_MAX = 1500


TEXTES = (
    "prenom",
    "nom",
    "courriel",
    "telephone",
    "adresse",
    "organisme",
    "suppleant_prenom",
    "suppleant_nom",
    "suppleant_courriel",
    "suppleant_adresse",
    "motivation",
    "precisions",
    "age",
    "genre",
)


class CorrectionForm(CandidatureForm):
    """Correction by the link: the address cannot change."""

    correction = True


def resserrer_attente(college: CollegeCampagne) -> None:
    """Renumber the waiting list without gaps, in the same order."""
    attente = college.candidatures.filter(rang_attente__isnull=False).order_by("rang_attente", "numero")
    for rang, candidature in enumerate(attente, start=1):
        if candidature.rang_attente != rang:
            Candidature.objects.filter(pk=candidature.pk).update(rang_attente=rang)
