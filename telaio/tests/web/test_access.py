"""Who may: tokens are verified, roles and services are checked, and a route without a rule does not exist."""

import asyncio
import base64
import json
import os
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from starlette.routing import Route
from telaio.testing.entering import enter
from telaio.web import make_app
from telaio.web.access import PUBLIC, WHO_MAY
from telaio.web.problems import Problem
from telaio.web.routing import PAGE, Guarded
from telaio.web.verifier import Verifier

from .conftest import APERTURA, Web, orto

PATH = f"/orti/{orto(1)}/apertura"
ROLES = ["operatore", "responsabile", "coordinatore", "protezione_dati", "amministratore_tecnico", "sconosciuto"]


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def claims(**changes: Any) -> dict[str, Any]:
    who = {"sub": "anna", "ruoli": ["operatore"], "servizi": ["orti"], "exp": int(time.time()) + 600}
    return {"iss": "genera-sviluppo", "aud": "genera", **who, **changes}


def forged(web: Web) -> dict[str, str]:
    """Tokens that must not pass, by what is wrong with them."""
    public = json.loads(web.issuer.keys_file.read_text())["keys"][0]
    secret = OctKey.import_key(json.dumps(public).encode() + b"x" * 32)
    good = web.token()
    head, body, signature = good.split(".")
    return {
        "no token": "",
        "not a token": "ciao",
        "not ascii": "è.è.è",
        "far too long": "a" * 9000,
        "alg none": f"{part({'alg': 'none'})}.{part(claims())}.",
        "alg none with our kid": f"{part({'alg': 'none', 'kid': public['kid']})}.{body}.{signature}",
        "alg HS256 signed with the public key": jwt.encode({"alg": "HS256", "kid": public["kid"]}, claims(), secret),
        "alg of another kind": f"{part({'alg': ['ES256'], 'kid': 1})}.{body}.{signature}",
        "alg missing": f"{part({'kid': public['kid']})}.{body}.{signature}",
        "header a list": f"{part([])}.{body}.{signature}",
        "critical header nobody knows": f"{part({'alg': 'ES256', 'crit': ['x'], 'x': 1})}.{body}.{signature}",
        "changed claims": f"{head}.{part(claims(ruoli=['responsabile']))}.{signature}",
        "signed by a stranger": web.issuer.foreign_token("anna.bianchi"),
        "for another system": web.token(aud="altro-sistema"),
        "for no system": web.token(aud=None),
        "from another issuer": web.token(iss="altro"),
        "expired": web.token(exp=int(time.time()) - 31),
        "without expiry": web.token(exp=None),
        "not valid yet": web.token(nbf=int(time.time()) + 600),
        "without subject": web.token(sub=None),
        "subject with NUL": web.token(sub="a\0"),
        "subject a number": web.token(sub=5),
        "roles not a list": signed(web, ruoli="operatore"),
        "claims not an object": f"{head}.{part([1])}.{signature}",
    }


def signed(web: Web, **changes: Any) -> str:
    key = web.issuer._key
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims(**changes), key)


async def test_a_token_that_is_not_ours_is_401_and_says_how_to_authenticate(offline: Web) -> None:
    for wrong, token in forged(offline).items():
        headers = [(b"Authorization", f"Bearer {token}".encode())]
        answer = await offline.client.post(PATH, json=APERTURA, headers=headers)
        assert answer.status_code == 401, wrong
        assert answer.headers["content-type"] == "application/problem+json", wrong
        assert answer.headers["www-authenticate"].startswith("Bearer"), wrong


async def test_no_header_at_all_is_401(offline: Web) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": offline.token()}):
        answer = await offline.client.get(f"/orti/{orto(1)}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token-mancante")


async def test_the_cookie_of_the_pages_opens_no_api_and_a_token_no_page(web: Web) -> None:
    entered = await enter(web.runtime, "anna", ["operatore"])
    assert (await web.client.post(PATH, json=APERTURA, headers=entered.cookie)).status_code == 401
    assert (await web.get("/")).status_code == 303


async def test_thirty_seconds_of_leeway_are_given(offline: Web) -> None:
    answer = await offline.get(f"/orti/{orto(1)}", Authorization=f"Bearer {offline.token(exp=int(time.time()) - 20)}")
    assert answer.status_code == 503


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_what_the_table_says_and_nothing_else(offline: Web, role: str) -> None:
    headers = {"Authorization": f"Bearer {offline.token(ruoli=(role,))}"}
    for route in make_app(offline.runtime).routes:
        assert isinstance(route, Guarded)
        if route.action == PUBLIC or route.door == PAGE:
            continue
        path = route.path.replace("{id}", "unica" if "casse" in route.path else orto(1))
        method = "POST" if "POST" in (route.methods or ()) else "GET"
        answer = await offline.client.request(method, path, headers=headers)
        assert (answer.status_code == 403) is (role not in WHO_MAY[route.action]), (role, path)


@pytest.mark.parametrize(("services", "allowed"), [(("orti",), True), (("*",), True), (("casa",), False), ((), False)])
async def test_a_role_holds_only_in_its_services(offline: Web, services: tuple[str, ...], allowed: bool) -> None:
    answer = await offline.get(f"/orti/{orto(1)}", Authorization=f"Bearer {offline.token(servizi=services)}")
    assert (answer.status_code != 403) is allowed


async def test_what_is_not_in_the_table_nobody_may(offline: Web) -> None:
    principal = await Verifier(offline.runtime.settings).verify(offline.token(ruoli=tuple(ROLES), servizi=("*",)))
    assert principal.may("lettura", "orti")
    assert not principal.may("azione-nuova", "orti")


async def test_a_route_that_says_not_who_may_use_it_is_refused(offline: Web) -> None:
    async def handler(request: Any) -> Any: ...

    with pytest.raises(TypeError, match="says not who may"):
        make_app(offline.runtime, [Route("/segreti", handler)])
    with pytest.raises(TypeError, match="says not who may"):
        make_app(offline.runtime, [Guarded("/segreti", handler, action="inventata")])


async def test_rotated_keys_are_taken_without_a_restart(offline: Web) -> None:
    verifier = Verifier(offline.runtime.settings)
    old = offline.token()
    assert (await verifier.verify(old)).subject == "anna"
    new = ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
    path = offline.issuer.keys_file
    path.write_text(json.dumps(KeySet([new]).as_dict(private=False)))
    os.utime(path, ns=(1, 1))
    token = jwt.encode({"alg": "ES256", "kid": new.kid}, claims(), new)
    assert (await verifier.verify(token)).subject == "anna"
    with pytest.raises(Problem, match="401"):
        await verifier.verify(old)
    path.write_text("{")
    assert (await verifier.verify(token)).subject == "anna"


async def test_a_token_that_was_good_expires_all_the_same(offline: Web) -> None:
    verifier = Verifier(offline.runtime.settings)
    token = offline.token(exp=int(time.time()) - 29)  # one second of its thirty of leeway is left
    assert (await verifier.verify(token)).subject == "anna"
    await asyncio.sleep(2)
    with pytest.raises(Problem, match="401"):
        await verifier.verify(token)


async def test_without_any_readable_key_nobody_enters_and_it_is_not_their_fault(offline: Web) -> None:
    offline.issuer.keys_file.write_text("[]")
    assert (await offline.get(f"/orti/{orto(1)}")).status_code == 503


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256", auto_kid=True), "ES256"),
        (RSAKey.generate_key(2048, auto_kid=True), "RS256"),
        (OKPKey.generate_key("Ed25519", auto_kid=True), "EdDSA"),
        (OKPKey.generate_key("Ed25519", auto_kid=True), "Ed25519"),
    ],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_the_usual_signatures_are_verified(offline: Web, key: Any, algorithm: str) -> None:
    offline.issuer.keys_file.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    token = jwt.encode({"alg": algorithm, "kid": key.kid}, claims(), key, algorithms=[algorithm])
    assert (await Verifier(offline.runtime.settings).verify(token)).roles == {"operatore"}
