"""HTTP: the API, its OpenAPI document and the operators' pages, all derived from a service's declaration."""

from telaio.web.app import make_app

__all__ = ["make_app"]
