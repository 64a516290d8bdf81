"""What may go wrong in an act, as a French sentence that a person can use."""


class ErreurMetier(Exception):
    """A rule refuses. Its text is shown to the person as it is; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ActeInterdit(ErreurMetier):
    """The act has no arrow from the dossier's present état: somebody acted before (shown as a 409 page)."""


class RoleInsuffisant(ErreurMetier):
    """The person holds none of the roles that the table asks for (shown as a 403 page)."""
