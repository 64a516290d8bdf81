from participation.engagements.models.promesses import EngagementPris, Indicateur, Principe, Valeur

__all__ = ["EngagementPris", "Indicateur", "Principe", "Valeur"]
