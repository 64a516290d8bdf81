"""Pages of the letters: those to be sent, sent, or not delivered, and the acts on one of them.

Agents read letters but no secrets: a secret letter has no text, signed links are cut, and letters
about the draft of another person are not listed.
"""

import re
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import courriels as actions
from participation.socle.actions.retenue import decider_des_retenues, decisions, lettres_retenues
from participation.socle.courriels import sms
from participation.socle.courriels.sms import dire_longueur, sont_actifs
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import refuser
from participation.socle.forms.champs import champ_texte
from participation.socle.forms.filters import CourrielFilter
from participation.socle.francais import accorder, majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.journaux import masquer_liens
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.courriels import MOIS_MONTRES, limites_en_mots, mois_des_sms, prix_en_mots
from participation.socle.liens import NUMERO_MAX
from participation.socle.models import Compte, Courriel, Restauration
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.trouver import par_numero_visible
from participation.socle.workflow import Role


class CorrigerAdresseForm(forms.Form):
    destinataires = champ_texte(
        "Adresses", "Une par ligne. La lettre repart aussitôt.", maximum=2000, lignes=3, se_relit=False
    )

    def clean_destinataires(self) -> list[str]:
        adresses = list(dict.fromkeys(self.cleaned_data["destinataires"].lower().split()))
        for adresse in adresses:
            try:
                validate_email(adresse)
            except ValidationError:
                raise ValidationError(f"« {adresse} » n’est pas une adresse électronique.") from None
        return adresses


class DeciderRetenuesForm(forms.Form):
    """The buttons of one kind of held letters. `vu`: highest number of those shown."""

    acte = forms.CharField(required=False, max_length=60)
    vu = forms.IntegerField(min_value=1, max_value=NUMERO_MAX)
    decision = forms.ChoiceField(choices=[("partir", "Envoyer"), ("abandonner", "Ne pas envoyer")])


E = Courriel.Etat
LETTRES_COMPTEES = 10_000
ASPECTS = {
    E.A_ENVOYER: ("info", "horloge"),
    E.EN_COURS: ("accent", "rond"),
    E.ENVOYE: ("succes", "coche"),
    E.ECHEC: ("erreur", "alerte"),
    E.REJETE: ("erreur", "croix"),
    E.ANNULE: ("neutre", "croix"),
    E.RETENU: ("attention", "horloge"),
    E.A_REUNIR: ("info", "horloge"),
    E.REUNI: ("succes", "coche"),
}
# The secret part of a signed link, in our URLs or others: a signature of Django (with « : »), or a long key
# with or without dashes. A slug has neither a colon nor a capital letter.
JETON = re.compile(r"(?<=/)(?=[^/\s?]*[:A-Z]|[0-9a-f-]{32})[\w:.\-]{20,}")

# A voting code as printed, « VPHK-G7LH-3YNT »: whoever holds it has one vote.
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@reserve_a(Role.AGENT)
@require_safe
def courriels(request: RequeteConnectee) -> HttpResponseBase:
    return page_liste(
        request,
        Liste(
            cle="socle:courriels",
            titre="Courriels",
            objets=Courriel.objects.visibles_par(request.user)
            # Not joined: the planner would read the dossiers in the order of their numbers, up to those of these letters.
            .prefetch_related("dossier")
            .defer("corps", "corps_html", "entetes"),
            filtres=CourrielFilter,
            colonnes=[
                Colonne("sujet", "Objet", lambda c: Cellule(c.sujet, sous=c.dossier or "")),
                Colonne("destinataires", "À", destinataires, export=lambda c: ", ".join(c.destinataires)),
                Colonne(
                    "etat",
                    "État",
                    lambda c: Cellule(majuscule(c.get_etat_display()), c.erreur[:120], *ASPECTS[E(c.etat)]),
                    export=lambda c: c.get_etat_display(),
                ),
                Colonne("cree_le", "Écrit le", lambda c: c.cree_le, tri="cree_le"),
                Colonne("envoye_le", "Envoyé le", lambda c: c.envoye_le),
                Colonne("tentatives", "Essais", lambda c: c.tentatives, nombre=True),
            ],
            tri="-cree_le",
            singulier="courriel",
            pluriel="courriels",
            lien=lambda c: reverse("socle:courriel", args=[c.pk]),
            borne=LETTRES_COMPTEES,
            vide="Chaque lettre écrite par le site s’affiche ici, avec ce qu’elle est devenue.",
        ),
        "socle/courriels/courriels.html",
        {"sms_actifs": sont_actifs()},
    )


def destinataires(courriel: Courriel) -> str:
    premiere, *autres = courriel.destinataires
    return f"{premiere} et {accorder(len(autres), 'autre')}" if autres else str(premiere)


def montrable(courriel: Courriel) -> str:
    """Return the text that agents may read: signed links and codes cut. Empty for a secret letter."""
    return "" if courriel.se_tait else CODE.sub("…", JETON.sub("…", masquer_liens(courriel.corps)))


def porte_un_secret(courriel: Courriel) -> bool:
    return courriel.se_tait or montrable(courriel) != courriel.corps


@reserve_a(Role.AGENT)
@require_safe
def courriel(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = trouver(request, pk)
    couleur, icone = ASPECTS[E(lettre.etat)]
    return render(
        request,
        "socle/courriels/courriel.html",
        {
            "courriel": lettre,
            "corps": montrable(lettre),
            "lien_coupe": not lettre.se_tait and porte_un_secret(lettre),
            "couleur": couleur,
            "icone": icone,
            "pieces": lettre.pieces.defer("contenu"),
            "longueur": dire_longueur(lettre.corps) if lettre.est_un_sms else "",
            "peut_renvoyer": bool(lettre.corps) and lettre.etat not in {E.A_ENVOYER, E.EN_COURS},
            "peut_annuler": lettre.etat in actions.ANNULABLES,
            "peut_corriger": peut_corriger(lettre),
            "est_en_souffrance": est_en_panne(lettre) and lettre.est_a_suivre,
            "autrement": joindre_autrement(lettre) if est_en_panne(lettre) else [],
            "vu": timezone.now().isoformat(),
        },
    )


def _instant(dit: str) -> datetime | None:
    try:
        lu = datetime.fromisoformat(dit)
    except ValueError:
        return None
    return lu if timezone.is_aware(lu) else None


def peut_corriger(courriel: Courriel) -> bool:
    """Whether agents may correct the address. Never if the letter bears a secret: another person would get it."""
    if courriel.est_un_sms:
        return False  # another number may belong to another person
    return est_en_panne(courriel) and not porte_un_secret(courriel)


def est_en_panne(courriel: Courriel) -> bool:
    return courriel.etat in {E.ECHEC, E.REJETE}


def joindre_autrement(courriel: Courriel) -> list[tuple[str, str]]:
    """Return (name, telephone) of the accounts that this letter did not reach."""
    comptes = Compte.objects.filter(courriel__in=courriel.destinataires, is_active=True)
    return [(str(compte), compte.telephone) for compte in comptes if compte.telephone]


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def renvoyer_courriel(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = trouver(request, pk)
    if request.method != "POST":
        return redirect("socle:courriel", pk)
    try:
        parti = actions.renvoyer(lettre, par=request.user, vu=_instant(request.POST.get("vu", "")))
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, reverse("socle:courriel", args=[pk]))
    messages.success(request, "La lettre repart.")
    return redirect("socle:courriel", parti.pk)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def annuler_courriel(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = trouver(request, pk)
    if request.method != "POST":
        return redirect("socle:courriel", pk)
    try:
        actions.annuler(lettre, par=request.user)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, reverse("socle:courriel", args=[pk]))
    messages.success(request, "La lettre ne partira pas.")
    return redirect("socle:courriel", pk)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def classer_courriel(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = trouver(request, pk)
    if request.method != "POST":
        return redirect("socle:courriel", pk)
    try:
        actions.classer(lettre, par=request.user)
    except ActeInterdit as erreur:
        return acte_depasse(request, erreur.message, reverse("socle:courriel", args=[pk]))
    messages.success(request, "Cette lettre n’attend plus personne.")
    return redirect("socle:courriel", pk)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def corriger_adresse(request: RequeteConnectee, pk: int) -> HttpResponse:
    lettre = trouver(request, pk)
    if not peut_corriger(lettre):
        raise PermissionDenied
    retour = reverse("socle:courriel", args=[pk])
    form = CorrigerAdresseForm(
        request.POST or None, initial={"destinataires": "\n".join(lettre.destinataires)}
    )
    if form.is_valid():
        reponses = form.cleaned_data
        try:
            actions.corriger_adresse(lettre, par=request.user, **reponses)
        except ActeInterdit as erreur:
            return acte_depasse(request, erreur.message, retour)
        except (ErreurMetier, ValidationError) as erreur:
            refuser(form, erreur)
        else:
            messages.success(request, "La lettre repart à l’adresse corrigée.")
            return redirect(retour)
    return render(
        request, "socle/courriels/corriger_adresse.html", {"courriel": lettre, "form": form, "retour": retour}
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def courriels_retenus(request: RequeteConnectee) -> HttpResponse:
    """Decide on the letters held back after a restore, kind by kind: send them or not."""
    form = DeciderRetenuesForm(request.POST or None)
    if form.is_valid():
        partent = form.cleaned_data["decision"] == "partir"
        nombre = decider_des_retenues(
            par=request.user,
            acte=form.cleaned_data["acte"],
            laisser_partir=partent,
            vu=form.cleaned_data["vu"],
        )
        if nombre:
            messages.success(
                request, f"{accorder(nombre, 'lettre')} {'à envoyer' if partent else 'à ne pas envoyer'}."
            )
        else:
            messages.info(request, "Quelqu’un a déjà décidé de ces lettres.")
        return redirect("socle:courriels_retenus")
    return render(
        request,
        "socle/courriels/courriels_retenus.html",
        {
            "sortes": lettres_retenues(request.user),
            "restauration": Restauration.objects.derniere(),
            "decisions": decisions(),
        },
    )


trouver = par_numero_visible(Courriel, "dossier")


@reserve_a(Role.AGENT)
@require_safe
def cout_des_sms(request: RequeteConnectee) -> HttpResponse:
    return render(
        request,
        "socle/courriels/sms.html",
        {
            "mois": mois_des_sms(),
            "combien_de_mois": MOIS_MONTRES,
            "limites": limites_en_mots(),
            "prix": prix_en_mots(),
            "eteint": "" if sms.sont_actifs() else f"{sms.ETEINT}.",
        },
    )
