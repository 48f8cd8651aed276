"""What a strand's own tests are written with."""

from telaio.testing.given import Case, given

__all__ = ["Case", "given"]
