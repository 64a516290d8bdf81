"""Acts on the text of an avis: paragraphs, wordings proposed, préconisations, minority positions; their forms."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from ccspl import avis as presentation
from ccspl.avis import lire, membre_de, paragraphes_de, seance_en_cours
from ccspl.models import Avis, Paragraphe, Proposition, VersionAvis
from ccspl.models.redaction import PartieDeLAvis
from ccspl.redaction import lettres
from participation.socle.actions import exiger
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.actions.documents import redemander_document
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.versions import TexteDepasse
from participation.socle.views.pages import Page, acte

PARAGRAPHES = re.compile(r"\n[ \t]*\n\s*")


def en_paragraphes(texte: str) -> list[str]:
    """Split a text into paragraphs, at empty lines."""
    return [p.strip() for p in PARAGRAPHES.split(texte.replace("\r\n", "\n")) if p.strip()]


def empreinte(paragraphes: Sequence[str], preconisations: Sequence[str] = ()) -> str:
    """Return the SHA-256 of the text in UTF-8: paragraphs, then numbered préconisations, separated by empty
    lines."""
    lignes = [*paragraphes, *(f"{n}. {texte}" for n, texte in enumerate(preconisations, start=1))]
    return hashlib.sha256("\n\n".join(lignes).encode()).hexdigest()


def _morceaux(texte: str) -> list[str]:
    """Split the typed text into paragraphs.

    Raises ValidationError if it is empty or if a paragraph is too long.
    """
    morceaux = en_paragraphes(texte)
    if not morceaux:
        raise ValidationError({"texte": "Écrivez le texte, ou supprimez le paragraphe."})
    exiger_longueur(morceaux)
    return morceaux


def exiger_longueur(morceaux: list[str]) -> None:
    longueur = Paragraphe._meta.get_field("texte").max_length or 0
    if any(len(texte) > longueur for texte in morceaux):
        raise ValidationError({"texte": f"Un paragraphe fait {longueur} signes au plus : coupez-le."})


def _garder(pas: Pas, avis: Avis, origine: str, motif: str = "") -> None:
    versionner(avis, par=pas.par, origine=origine)
    pas.avancer(motif=motif, details={"origine": origine})


# Contents of the pages
def page_du_texte(avis: Avis, ancre: str = "texte") -> str:
    return f"{reverse('ccspl:redaction', args=[avis.pk])}#{ancre}"


def vers_le_texte(objet: Avis | PartieDeLAvis, fait: Any) -> str:
    return page_du_texte(objet if isinstance(objet, Avis) else objet.suivi)


def vers_le_paragraphe(paragraphe: Paragraphe, fait: Any) -> str:
    return page_du_texte(paragraphe.avis, f"p{paragraphe.pk}")


def cadre(request: RequeteConnectee, objet: Avis | PartieDeLAvis, form: Any) -> dict[str, Any]:
    """Context of the layout (back office for agents, public site for members), and the subject of the act."""
    avis = objet if isinstance(objet, Avis) else objet.suivi
    pour_membre = not request.user.est_agent
    texte = reverse("ccspl:redaction", args=[avis.pk])
    return {
        "cadre_page": "public.html" if pour_membre else "bureau.html",
        "est_publique": pour_membre,
        "fil": [("Mes instances", reverse("seances:espace")), (avis.nom_court, texte)]
        if pour_membre
        else [("Avis de la CCSPL", reverse("ccspl:tableau")), (avis.nom_court, avis.get_absolute_url())],
        "citation": objet.texte if isinstance(objet, Paragraphe) else "",
        "citation_titre": "Le paragraphe aujourd’hui",
        "lue": lire(objet) if isinstance(objet, Proposition) else None,
    }


# The pages about the text, and its one-click acts, return to the text in the layout of the account.
du_texte: Callable[..., Page[Any]] = partial(
    Page, retour=vers_le_texte, gabarit="ccspl/redaction/acte.html", contexte=cadre
)


un_geste: Callable[..., Page[Any]] = partial(Page, retour=vers_le_texte, en_un_clic=True)


class RedigerForm(ActeForm):
    """Text of new paragraphs."""

    texte = champ_texte(
        "Texte",
        "Une ligne vide commence un nouveau paragraphe. Vous pouvez coller tout un texte.",
        lignes=10,
        maximum=60_000,
        erreur="Écrivez le texte.",
    )


@acte(du_texte(form=RedigerForm, titre="Ajouter du texte", succes="Texte ajouté."))
@transaction.atomic
def rediger(avis: Avis, *, par: Compte, texte: str) -> None:
    """Add paragraphs at the end of the text."""
    pas = exiger(avis, "rediger", par=par)
    inserer(avis, _morceaux(texte), dernier(avis))
    _garder(pas, avis, "Texte ajouté par le service")


@acte(
    du_texte(
        form=RedigerForm,
        titre="Ajouter du texte",
        succes="Texte ajouté.",
        contexte=lambda *dits: {**cadre(*dits), "citation_titre": "Après ce paragraphe"},
    )
)
@transaction.atomic
def completer_paragraphe(paragraphe: Paragraphe, *, par: Compte, texte: str) -> None:
    """Add paragraphs after this one."""
    pas = exiger(paragraphe, "completer_paragraphe", par=par)
    inserer(paragraphe.avis, _morceaux(texte), paragraphe)
    _garder(pas, paragraphe.avis, "Texte ajouté par le service")


class RedigerParagrapheForm(RedigerForm):
    ACTUELS = ("texte",)


@acte(
    du_texte(
        form=RedigerParagrapheForm,
        titre="Réécrire ce paragraphe",
        succes="Paragraphe réécrit.",
        contexte=lambda *dits: {**cadre(*dits), "citation": ""},
    )
)
@transaction.atomic
def rediger_paragraphe(paragraphe: Paragraphe, *, par: Compte, texte: str) -> None:
    """Rewrite a paragraph; an empty line starts another."""
    pas = exiger(paragraphe, "rediger_paragraphe", par=par)
    morceaux = _morceaux(texte)
    changer(paragraphe, morceaux[0])
    inserer(paragraphe.avis, morceaux[1:], paragraphe)
    _garder(pas, paragraphe.avis, "Paragraphe réécrit par le service")


@acte(un_geste(succes="Paragraphe supprimé. Il reste dans les versions."))
@transaction.atomic
def supprimer_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    """Remove a paragraph from the text.

    It stays in the versions, and its propositions are still to be decided.
    """
    pas = exiger(paragraphe, "supprimer_paragraphe", par=par)
    supprimer(paragraphe)
    _garder(pas, paragraphe.avis, "Paragraphe supprimé par le service", paragraphe.texte)


@acte(un_geste(succes="Paragraphe déplacé.", retour=vers_le_paragraphe))
def monter_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    _deplacer(paragraphe, "monter_paragraphe", -1, par=par)


@acte(un_geste(succes="Paragraphe déplacé.", retour=vers_le_paragraphe))
def descendre_paragraphe(paragraphe: Paragraphe, *, par: Compte) -> None:
    _deplacer(paragraphe, "descendre_paragraphe", 1, par=par)


@transaction.atomic
def _deplacer(paragraphe: Paragraphe, acte: str, de: int, *, par: Compte) -> None:
    """Move a paragraph one place up or down; does nothing at the ends of the text."""
    pas = exiger(paragraphe, acte, par=par)
    rangs = paragraphes_de(paragraphe.avis)
    place = rangs.index(paragraphe)
    voisine = place + de
    if not 0 <= voisine < len(rangs):
        return
    rangs[place], rangs[voisine] = rangs[voisine], rangs[place]
    for ordre, autre in enumerate(rangs, start=1):
        autre.ordre = ordre
    Paragraphe.objects.bulk_update(rangs, ["ordre"])
    _garder(pas, paragraphe.avis, "Paragraphes remis en ordre par le service")


Nature, Etat = Proposition.Nature, Proposition.Etat


PROPOSER = "Le service répond à chaque proposition. Votre nom figure parmi les auteurs si elle est retenue."
PROPOSEE = "Votre proposition est enregistrée. Le service y répondra."


class RangForm(ActeForm):
    """Form that detects a change of the paragraph by its version (`rang_vu`: version shown by the page)."""

    rang_vu = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def paragraphe(self) -> Paragraphe | None:
        return self.objet if isinstance(self.objet, Paragraphe) else self.objet.paragraphe

    def initiales(self) -> Mapping[str, Any]:
        rang = self.paragraphe.rang_version if self.paragraphe is not None else None
        return {"rang_vu": rang, "texte": self.objet.texte}

    def relire(self, champs: Iterable[str]) -> None:
        donnees: Any = dict(self.data.items())
        if self.paragraphe is not None:
            donnees["rang_vu"] = str(self.paragraphe.rang_version)
        donnees.pop("relu", None)
        self.data = donnees


class ProposerForm(ActeForm):
    """A paragraph proposed at the top of the text."""

    texte = champ_texte("Votre rédaction", lignes=7, requis=False)
    raison = champ_texte("Pourquoi", "En une phrase, si vous voulez.", lignes=2, requis=False, maximum=600)


@acte(du_texte(form=ProposerForm, consequence=PROPOSER, succes=PROPOSEE))
@transaction.atomic
def proposer(avis: Avis, *, par: Compte, texte: str, raison: str = "") -> Proposition:
    """Propose a paragraph at the top of the text. The same wording sent twice is one proposition."""
    pas = exiger(avis, "proposer", par=par)
    return _proposer(pas, Proposition(avis=avis, nature=Nature.AJOUTER, raison=raison), texte, par=par)


class ProposerParagrapheForm(ProposerForm, RangForm):
    nature = champ_choix(
        "Que proposez-vous ?",
        [
            ("modifier", "Changer ce paragraphe"),
            ("ajouter", "Ajouter un paragraphe après celui-ci"),
            ("supprimer", "Supprimer ce paragraphe"),
        ],
        erreur="Dites ce que vous proposez.",
        boutons=True,
        initial=Proposition.Nature.MODIFIER,
    )
    field_order = ["nature", "texte", "raison", "rang_vu"]

    def preparer(self) -> None:
        self.fields["texte"].help_text = "Laissez vide si vous proposez de supprimer."


@acte(du_texte(form=ProposerParagrapheForm, consequence=PROPOSER, succes=PROPOSEE))
@transaction.atomic
def proposer_paragraphe(
    paragraphe: Paragraphe,
    *,
    par: Compte,
    nature: str = Nature.MODIFIER,
    texte: str = "",
    raison: str = "",
    rang_vu: int | None = None,
) -> Proposition:
    """Propose to change the paragraph, to remove it, or to add another after it.

    `rang_vu`: version of the paragraph that the person read. Raises TexteDepasse when it has changed since,
    ValidationError without a text or when nothing would change.
    """
    pas = exiger(paragraphe, "proposer_paragraphe", par=par)
    proposition = Proposition(avis=paragraphe.avis, paragraphe=paragraphe, nature=nature, raison=raison)
    if nature != Nature.AJOUTER:
        if rang_vu is not None and rang_vu != paragraphe.rang_version:
            raise TexteDepasse(
                "Ce paragraphe a changé pendant que vous écriviez. Rien n’est perdu : relisez le texte d’aujourd’hui, "
                "puis envoyez de nouveau votre rédaction."
            )
        proposition.texte_de_depart, proposition.rang_version = paragraphe.texte, paragraphe.rang_version
    return _proposer(pas, proposition, texte, par=par)


def _proposer(pas: Pas, proposition: Proposition, texte: str, *, par: Compte) -> Proposition:
    avis: Avis = proposition.avis
    nature = proposition.nature
    texte = "" if nature == Nature.SUPPRIMER else "\n\n".join(en_paragraphes(texte))
    if nature != Nature.SUPPRIMER and not texte:
        raise ValidationError({"texte": "Écrivez la rédaction que vous proposez."})
    if nature == Nature.MODIFIER and texte == proposition.texte_de_depart:
        raise ValidationError(
            {"texte": "Ce texte est celui d’aujourd’hui : changez ce que vous voulez voir changer."}
        )
    exiger_longueur([texte])
    deja: Proposition | None = avis.propositions.filter(
        auteur=par, etat=Etat.EN_ATTENTE, nature=nature, paragraphe=proposition.paragraphe, texte=texte
    ).first()
    if deja is not None:
        return deja
    enregistrer(proposition, texte=texte, auteur=par, membre=membre_de(par), seance=seance_en_cours(avis))
    pas.avancer(motif=proposition.raison, details={"proposition": proposition.pk, "nature": nature})
    lettres.proposer(proposition)
    return proposition


def _decidee(etat: str, par: Compte, **champs: Any) -> dict[str, Any]:
    return {"etat": etat, "decidee_le": timezone.now(), "decidee_par": par, **champs}


@acte(un_geste(succes="Votre proposition est retirée."))
@transaction.atomic
def retirer_proposition(proposition: Proposition, *, par: Compte) -> None:
    """Withdraw a pending proposition, by its author."""
    pas = exiger(proposition, "retirer_proposition", par=par)
    pas.avancer(champs=_decidee(Etat.RETIREE, par), details={"proposition": proposition.pk, "retiree": True})


class AccepterForm(RangForm):
    """The wording as it enters the text: the agent may change it."""

    objet: Proposition

    texte = champ_texte("Texte retenu", "Vous pouvez le corriger avant de l’accepter.", lignes=7)
    relu = champ_case(
        "J’ai lu le texte d’aujourd’hui : la rédaction ci-dessus le remplace",
        erreur="Le paragraphe a changé depuis la proposition : dites que vous l’avez relu.",
    )

    def preparer(self) -> None:
        if self.objet.nature == Proposition.Nature.SUPPRIMER:
            del self.fields["texte"]
        if not self.objet.est_depassee:
            del self.fields["relu"]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        reponses.pop("relu", None)
        return reponses


@acte(du_texte(form=AccepterForm, succes="Proposition acceptée. Son auteur est prévenu."))
@transaction.atomic
def accepter(
    proposition: Proposition, *, par: Compte, texte: str | None = None, rang_vu: int | None = None
) -> None:
    """Accept a proposition into the text, as written or reworded (`texte`). Its author becomes a co-author.

    `rang_vu`: version of the paragraph that the agent saw. Raises TexteDepasse when it has changed since: the
    agent sees both differences and decides again.
    """
    pas = exiger(proposition, "accepter", par=par)
    avis, paragraphe = proposition.avis, proposition.paragraphe
    if paragraphe is not None:
        paragraphe.refresh_from_db()
        lu = proposition.rang_version if rang_vu is None else rang_vu
        if proposition.nature != Nature.AJOUTER and lu != paragraphe.rang_version:
            raise TexteDepasse(
                "Ce paragraphe a changé depuis que cette page est ouverte. Rien n’est enregistré : relisez les différences, puis décidez."
            )
    retenu = proposition.texte if texte is None else "\n\n".join(en_paragraphes(texte))
    if proposition.nature == Nature.SUPPRIMER:
        if paragraphe is not None and paragraphe.supprime_le is None:
            supprimer(paragraphe)
    else:
        morceaux = en_paragraphes(retenu)
        if not morceaux:
            raise ValidationError(
                {"texte": "Le texte retenu est vide : refusez la proposition, ou écrivez-le."}
            )
        exiger_longueur(morceaux)
        if proposition.nature == Nature.AJOUTER or paragraphe is None:
            inserer(avis, morceaux, paragraphe)
        else:
            changer(paragraphe, morceaux[0])
            inserer(avis, morceaux[1:], paragraphe)
    # Co-authors are published: use the name of the member, never the address of an account without a name.
    nom = str(proposition.membre) if proposition.membre else ""
    versionner(avis, par=par, origine=f"Rédaction proposée par {nom or proposition.auteur}", coauteur=nom)
    est_reprise = proposition.nature != Nature.SUPPRIMER and retenu != proposition.texte
    pas.avancer(
        champs=_decidee(Etat.ACCEPTEE, par),
        details={"proposition": proposition.pk, "reprise": est_reprise},
        motif=retenu,
    )
    lettres.a_l_auteur(proposition, "accepter", texte=retenu, est_reprise=est_reprise)


RefuserForm = demander_texte(
    "Pourquoi",
    nom="reponse",
    aide="L’auteur de la proposition reçoit ces mots.",
    maximum=300,
    erreur="Dites pourquoi : l’auteur de la proposition le lira.",
)


@acte(du_texte(form=RefuserForm, succes="Proposition refusée. Son auteur est prévenu."))
@transaction.atomic
def refuser(proposition: Proposition, *, par: Compte, reponse: str) -> None:
    """Refuse a proposition; its author is told why."""
    pas = exiger(proposition, "refuser", par=par)
    if not reponse.strip():
        raise ValidationError({"reponse": "Dites pourquoi : l’auteur de la proposition le lira."})
    pas.avancer(
        champs=_decidee(Etat.REFUSEE, par, reponse=reponse.strip()),
        motif=reponse,
        details={"proposition": proposition.pk},
    )
    lettres.a_l_auteur(proposition, "refuser")


def changer(paragraphe: Paragraphe, texte: str) -> None:
    if paragraphe.texte == texte and paragraphe.supprime_le is None:
        return
    paragraphe.texte, paragraphe.supprime_le = texte, None
    paragraphe.rang_version += 1
    paragraphe.save()


def supprimer(paragraphe: Paragraphe) -> None:
    paragraphe.supprime_le = timezone.now()
    paragraphe.rang_version += 1
    paragraphe.save()


def dernier(avis: Avis) -> Paragraphe | None:
    return avis.paragraphes.order_by("-ordre", "-pk").first()


def inserer(avis: Avis, morceaux: Sequence[str], apres: Paragraphe | None) -> None:
    """Insert paragraphs after `apres`, or at the top when it is None.

    The paragraphs below move down, deleted ones too, so that an addition after one of them keeps its place.
    """
    if not morceaux:
        return
    debut = apres.ordre if apres is not None else 0
    avis.paragraphes.filter(ordre__gt=debut).update(ordre=F("ordre") + len(morceaux))
    Paragraphe.objects.bulk_create(
        Paragraphe(avis=avis, ordre=debut + rang, texte=texte) for rang, texte in enumerate(morceaux, start=1)
    )


def versionner(
    avis: Avis, *, par: Compte | None, origine: str, coauteur: str = "", est_adoptee: bool = False
) -> VersionAvis:
    """Save the whole current text as a version. Co-authors of the former version are kept."""
    derniere = avis.versions.order_by("-numero").first()
    noms = list(derniere.coauteurs) if derniere else []
    if coauteur and coauteur not in noms:
        noms.append(coauteur)
    paragraphes = [p.texte for p in presentation.paragraphes_de(avis)]
    preconisations = list(avis.preconisations.order_by("numero").values_list("texte", flat=True))
    return VersionAvis.objects.create(
        avis=avis,
        numero=derniere.numero + 1 if derniere else 1,
        paragraphes=paragraphes,
        preconisations=preconisations,
        coauteurs=noms,
        origine=origine[:160],
        sha256=empreinte(paragraphes, preconisations),
        est_adoptee=est_adoptee,
        par=par,
    )


def refaire_le_pdf(avis: Avis, *, par: Compte) -> None:
    """Make the PDF again until it is frozen, to include a position noted after the adoption."""
    document: Any = avis.document
    if document is not None and document.fige_le is None:
        document.donnees = presentation.donnees_avis(avis)
        document.save(update_fields=["donnees"])
        redemander_document(document, par=par)
