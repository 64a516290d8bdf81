"""The Content-Security-Policy of every page, written once instead of at each answer."""

from functools import cached_property
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy


class PolitiqueMiddleware(CSPMiddleware):
    """django-csp's own, but for the answers that ask nothing of it (no nonce, no decorator): nearly all of them."""

    @cached_property
    def _commune(self) -> str:
        return str(build_policy())

    def process_response(self, request: Any, response: Any) -> Any:
        if hasattr(request, "_csp_nonce") or any(nom.startswith("_csp") for nom in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._commune)
        return response
