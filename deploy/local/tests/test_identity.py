"""The development identity provider: its tokens verify, bad ones do not, and codes go to this machine only."""

import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from stack import identity, ports
from stack.grants import challenge
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


CALLBACK = "http://127.0.0.1:9/accesso/ritorno"
VERIFIER = "v" * 43


def asked(**changes: str) -> dict[str, str]:
    """What a service asks for; a change of "" takes a parameter away."""
    usual = {
        "response_type": "code", "client_id": "genera-casa", "redirect_uri": CALLBACK, "state": "s & <t>",
        "scope": "openid", "nonce": "n1", "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    return {name: value for name, value in (usual | changes).items() if value}


def granted(url: str, **changes: str) -> dict[str, str]:
    """What comes back to the service when anna.bianchi has said that it is she."""
    opener = urllib.request.build_opener(NotFollowed)
    form = urllib.parse.urlencode(asked(**changes) | {"utente": "anna.bianchi"}).encode()
    with pytest.raises(urllib.error.HTTPError) as sent:
        opener.open(f"{url}/authorize", form, timeout=5)
    assert sent.value.code == 303
    there, _, query = sent.value.headers["location"].partition("?")
    assert there == CALLBACK
    return dict(urllib.parse.parse_qsl(query))


class NotFollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def exchanged(url: str, code: str, **changes: str) -> dict[str, Any]:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "client_id": "genera-casa"}
    found: dict[str, Any] = json.loads(get(f"{url}/token", sent | {"code_verifier": VERIFIER} | changes))
    return found


def test_it_describes_itself_where_clients_look(url: str) -> None:
    told = json.loads(get(f"{url}/.well-known/openid-configuration"))
    assert told["issuer"] == url
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        assert told[name].startswith(f"{url}/")
    assert json.loads(get(told["jwks_uri"])) == json.loads(get(f"{url}/.well-known/jwks.json"))


def test_the_page_has_a_button_for_each_user_and_keeps_what_was_asked(url: str) -> None:
    text = get(f"{url}/authorize?{urllib.parse.urlencode(asked())}")
    assert re.findall(r'<button name="utente" value="([^"]+)"', text) == [user.id for user in UTENTI]
    assert 'name="state" value="s &amp; &lt;t&gt;"' in text


def test_a_code_gives_tokens_for_the_service_and_the_api(url: str, issuer: Issuer) -> None:
    answer = granted(url)
    assert (answer["state"], answer["iss"]) == ("s & <t>", url)
    tokens = exchanged(url, answer["code"])
    key = KeySet.import_key_set(issuer.public_keys())
    id_token = jwt.decode(tokens["id_token"], key).claims
    assert {n: id_token[n] for n in ("iss", "aud", "nonce", "sub")} == {
        "iss": url, "aud": "genera-casa", "nonce": "n1", "sub": "anna.bianchi",
    }  # fmt: skip
    assert jwt.decode(tokens["access_token"], key).claims["aud"] == "genera"


def test_a_code_serves_once(url: str) -> None:
    code = granted(url)["code"]
    exchanged(url, code)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        exchanged(url, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"client_id": "genera-punti"},
        {"redirect_uri": "http://127.0.0.1:9/altrove"},
        {"grant_type": "password"},
    ],
)
def test_a_code_is_for_who_asked_for_it(url: str, wrong: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        exchanged(url, granted(url)["code"], **wrong)


def test_a_code_lasts_a_minute(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code = granted(url)["code"]
    monkeypatch.setattr("stack.grants.CODE_LASTS_S", 0)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        exchanged(url, code)


def test_a_refresh_token_serves_once_and_gives_the_next(url: str) -> None:
    first = exchanged(url, granted(url)["code"])["refresh_token"]
    form = {"grant_type": "refresh_token", "client_id": "genera-casa"}
    second = json.loads(get(f"{url}/token", form | {"refresh_token": first}))
    assert second["refresh_token"] != first
    with pytest.raises(urllib.error.HTTPError, match="400"):
        get(f"{url}/token", form | {"refresh_token": first})


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"client_id": ""},
    ],
)
def test_only_a_code_with_pkce_is_granted(url: str, wrong: dict[str, str]) -> None:
    for form in (None, asked(**wrong) | {"utente": "anna.bianchi"}):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            get(f"{url}/authorize" + ("" if form else f"?{urllib.parse.urlencode(asked(**wrong))}"), form)


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
def test_codes_are_sent_to_this_machine_only(url: str, elsewhere: str) -> None:
    for form in (None, asked(redirect_uri=elsewhere) | {"utente": "anna.bianchi"}):
        query = urllib.parse.urlencode(asked(redirect_uri=elsewhere))
        with pytest.raises(urllib.error.HTTPError, match="400"):
            get(f"{url}/authorize" + ("" if form else f"?{query}"), form)
    assert "chiuso" in get(f"{url}/logout?post_logout_redirect_uri={urllib.parse.quote(elsewhere)}")
