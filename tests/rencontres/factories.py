"""A rencontre in each état, with as few rows as possible."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participation.rencontres.models import Animateur, Format, Inscription, Rencontre
from participation.rencontres.workflow import EtatRencontre


class RencontreFactory(DjangoModelFactory[Rencontre]):
    """In ten days, two hours long; `tenue` and `annulee`: ten days ago."""

    class Meta:
        model = Rencontre

    titre = factory.Sequence(lambda n: f"Rencontre {n}")
    reference = factory.Sequence(lambda n: f"REN-2020-{n + 1:04}")
    but = "Comment partager la place du marché ?"
    debut = factory.LazyFunction(lambda: timezone.localtime() + timedelta(days=10))
    fin = factory.LazyAttribute(lambda r: r.debut + timedelta(hours=2))
    date_limite = factory.LazyAttribute(lambda r: timezone.localdate(r.debut))
    lieu = "Maison des habitants"
    adresse = "1 place des Essais"
    acces = "Arrêt devant la porte."
    places = 20
    ouvert_le = factory.LazyFunction(timezone.now)

    class Params:
        ouverte = factory.Trait(etat=EtatRencontre.OUVERTE, est_publie=True)
        tenue = factory.Trait(
            etat=EtatRencontre.TENUE,
            est_publie=True,
            debut=factory.LazyFunction(lambda: timezone.localtime() - timedelta(days=10)),
        )


class InscriptionFactory(DjangoModelFactory[Inscription]):
    class Meta:
        model = Inscription

    rencontre = factory.SubFactory(RencontreFactory, ouverte=True)
    nom = factory.Sequence(lambda n: f"Alma Essai{n}")
    confirmee_le = factory.LazyFunction(timezone.now)


def monde_des_rencontres() -> dict[str, list[object]]:
    """Access tests: a rencontre being prepared, open, today, held, over long ago."""
    preparee = RencontreFactory()
    ouverte = RencontreFactory(ouverte=True)
    inscrite = InscriptionFactory(rencontre=ouverte)
    offerte = InscriptionFactory(
        rencontre=ouverte, etat="offerte", offerte_jusqu_a=timezone.localtime() + timedelta(days=1)
    )
    finie = RencontreFactory(tenue=True, debut=timezone.localtime() - timedelta(days=400))
    InscriptionFactory(rencontre=finie)
    format_ = Format.objects.create(nom="Ronde", but="Parler", personnes_min=4, personnes_max=8, minutes=30, etapes="Un")  # fmt: skip
    retire = Format.objects.create(nom="Vieux", but="Parler", personnes_min=4, personnes_max=8, minutes=30, etapes="Un", etat="retire")  # fmt: skip
    animateur = Animateur.objects.create(rencontre=preparee, nom="Sami Essai")
    return {
        "ren_preparee": [preparee.pk],
        "ren_ouverte": [ouverte.pk],
        "ren_commencee": [RencontreFactory(ouverte=True, debut=timezone.localtime() - timedelta(hours=1)).pk],
        "ren_tenue": [RencontreFactory(tenue=True).pk],
        "ren_finie": [finie.pk],
        "ren_animateur": [animateur.pk],
        "ren_animer": [animateur.jeton()],
        "ren_inscription": [inscrite.pk],
        "ren_offerte": [offerte.pk],
        "ren_place": [inscrite.jeton()],
        "ren_preuve": [inscrite.jeton_de_confirmation()],
        "ren_format": [format_.pk],
        "ren_format_retire": [retire.pk],
    }
