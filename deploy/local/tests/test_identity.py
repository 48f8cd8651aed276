"""The development identity server: its tokens verify, bad ones do not, and tokens go to this machine only."""

import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.errors import JoseError
from stack import identity, ports
from stack.tokens import UTENTI, Issuer, verified


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
def url(issuer: Issuer) -> Iterator[str]:
    server = identity.server(issuer, ports.free_ports(1)[0])
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def get(url: str, form: dict[str, str] | None = None) -> str:
    body = urllib.parse.urlencode(form).encode() if form else None
    with urllib.request.urlopen(url, body, timeout=5) as answer:
        return answer.read().decode()


def test_a_token_verifies_with_the_public_keys_file_and_carries_roles_services_and_body(issuer: Issuer) -> None:
    claims = verified(issuer.token("anna.bianchi"), json.loads(issuer.keys_file.read_text()))
    assert claims["sub"] == "anna.bianchi"
    assert (claims["ruoli"], claims["servizi"], claims["ente"]) == (["operatore"], ["casa"], "consorzio-tenda")
    assert claims["exp"] - claims["iat"] == 12 * 3600


def test_the_public_keys_file_holds_no_private_key(issuer: Issuer) -> None:
    assert all("d" not in key for key in json.loads(issuer.keys_file.read_text())["keys"])


def test_the_key_is_made_once_so_old_tokens_stay_good(tmp_path: Path) -> None:
    token = Issuer(tmp_path).token("giulia.rossi")
    assert verified(token, Issuer(tmp_path).public_keys())["ruoli"] == ["coordinatore"]


@pytest.mark.parametrize("bad", ["expired_token", "wrong_audience_token", "foreign_token"])
def test_a_bad_token_is_refused(issuer: Issuer, bad: str) -> None:
    with pytest.raises(JoseError):
        verified(getattr(issuer, bad)("anna.bianchi"), issuer.public_keys())


def test_every_role_has_a_demo_user() -> None:
    roles = {role for user in UTENTI for role in user.ruoli}
    assert roles == {"operatore", "responsabile", "coordinatore", "amministratore_tecnico", "protezione_dati"}


def test_the_server_gives_keys_and_tokens(url: str) -> None:
    keys = json.loads(get(f"{url}/.well-known/jwks.json"))
    token = json.loads(get(f"{url}/token", {"utente": "paolo.ferrari"}))["access_token"]
    assert verified(token, keys)["ruoli"] == ["responsabile"]


def test_an_unknown_user_gets_no_token(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        get(f"{url}/token", {"utente": "nessuno"})


def test_the_page_has_a_button_for_each_user_that_posts_a_good_token_to_the_return_address(url: str) -> None:
    text = get(f"{url}/accedi?ritorno={urllib.parse.quote('http://127.0.0.1:9/sessione?a=1&b=2')}")
    assert text.count('action="http://127.0.0.1:9/sessione?a=1&amp;b=2"') == len(UTENTI)
    tokens = re.findall(r'name="token" value="([^"]+)"', text)
    keys = json.loads(get(f"{url}/.well-known/jwks.json"))
    assert [verified(token, keys)["sub"] for token in tokens] == [user.id for user in UTENTI]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://esempio.it/x",
        "//esempio.it",
        "javascript:alert(1)",
        "http://127.0.0.1@esempio.it/",
        "http://127.0.0.1.esempio.it",
        "",
    ],
)
def test_tokens_are_handed_to_this_machine_only(url: str, elsewhere: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        get(f"{url}/accedi?ritorno={urllib.parse.quote(elsewhere)}")
