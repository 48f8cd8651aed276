"""Who may come in: the keys that verify tokens, and whether the identity provider answers and is the one named."""

import json
from collections.abc import Iterator

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from telaio.doctor.finding import Finding, bad, good
from telaio.settings import Settings
from telaio.web.discovery import Discovery
from telaio.web.problems import Problem

NAMED = "controllare GENERA_OIDC: è l'indirizzo (issuer) che il gestore dà di sé, non quello di una sua pagina"


async def examine(settings: Settings) -> list[Finding]:
    """The findings about keys and provider. Nobody is signed in."""
    return [*_keys(settings), *await _provider(settings)]


def _keys(settings: Settings) -> Iterator[Finding]:
    path = settings.chiavi_file
    if path is None:
        yield good("le chiavi degli accessi vengono da chi li gestisce (GENERA_OIDC)")
        return
    try:
        keys = KeySet.import_key_set(json.loads(path.read_bytes()))
    except OSError:
        yield bad(f"il file delle chiavi {path} non si legge", "indicare in GENERA_CHIAVI_FILE un file leggibile")
    except (ValueError, KeyError, TypeError, JoseError):
        yield bad(f"{path} non contiene chiavi (JWKS)", "scaricare di nuovo le chiavi pubbliche da chi dà gli accessi")
    else:
        yield good(f"{len(keys.keys)} chiavi per verificare gli accessi")


async def _provider(settings: Settings) -> list[Finding]:
    """None where the service was given none."""
    if settings.oidc is None:
        return []
    provider = Discovery(settings.oidc, insecure=settings.sviluppo)
    try:
        document = await provider.document()
        keys = await provider.keys()
    except Problem:
        return [bad(f"il gestore delle identità {settings.oidc} non risponde, o non è lui", NAMED)]
    if "S256" not in document.get("code_challenge_methods_supported", ["S256"]):
        return [bad("il gestore delle identità non sa PKCE (S256)", "chiedere a chi lo gestisce di attivarlo")]
    return [good(f"il gestore delle identità risponde, con {len(keys.keys)} chiavi")]
