"""Commands and reads over HTTP, on a real database."""

import asyncio

from telaio.rules import Dated, Rules
from telaio.service import Vista
from telaio.web.lists import read_page

from .conftest import APERTURA, TODAY, Web, orto

VENDITA = {"avvenuto_il": "2016-02-25", "importo_centesimi": 45000}


async def test_a_creating_command_answers_201_with_version_events_and_location(web: Web) -> None:
    answer = await web.post(f"/orti/{orto(1)}/apertura", APERTURA)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["id"], body["version"], len(body["eventi"])) == (orto(1), 1, 1)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/orti/{orto(1)}"


async def test_the_state_is_read_with_its_version_and_304_when_nothing_changed(web: Web) -> None:
    id = await web.open_garden()
    answer = await web.get(f"/orti/{id}")
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["stato"]["posti"] == 12
    assert (await web.get(f"/orti/{id}", If_None_Match=answer.headers["etag"])).status_code == 304
    await web.post(f"/orti/{id}/vendita", VENDITA)
    assert (await web.get(f"/orti/{id}", If_None_Match=answer.headers["etag"])).status_code == 200


async def test_a_ledger_that_changed_without_an_event_of_its_own_is_not_304(web: Web) -> None:
    id = await web.open_garden()
    before = await web.get("/casse/unica")
    assert before.json()["stato"] == {"incassi_centesimi": 0}
    await web.post(f"/orti/{id}/vendita", VENDITA)
    after = await web.get("/casse/unica", If_None_Match=before.headers["etag"])
    assert after.status_code == 200
    assert after.json()["stato"] == {"incassi_centesimi": 45000}


async def test_a_repeated_key_gets_the_first_answer_and_writes_once(web: Web) -> None:
    id = await web.open_garden()
    first, again = [
        await web.post(f"/orti/{id}/vendita", VENDITA, headers={"Idempotency_Key": "k-1"}) for _ in range(2)
    ]
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert await web.count("journal") == 2


async def test_the_same_key_with_another_body_is_422(web: Web) -> None:
    id = await web.open_garden()
    await web.post(f"/orti/{id}/vendita", VENDITA, headers={"Idempotency_Key": "k-1"})
    other = {**VENDITA, "importo_centesimi": 1}
    answer = await web.post(f"/orti/{id}/vendita", other, headers={"Idempotency_Key": "k-1"})
    assert (answer.status_code, answer.json()["code"]) == (422, "chiave-riusata")
    assert await web.count("journal") == 2


async def test_simultaneous_repeats_of_a_create_are_one(web: Web) -> None:
    posts = [web.post(f"/orti/{orto(1)}/apertura", APERTURA, headers={"Idempotency_Key": "k"}) for _ in range(6)]
    assert {a.status_code for a in await asyncio.gather(*posts)} == {201}
    assert await web.count("journal") == 1


async def test_a_command_on_a_version_gone_by_is_412(web: Web) -> None:
    id = await web.open_garden()
    await web.post(f"/orti/{id}/vendita", VENDITA, headers={"If_Match": '"1"'})
    answer = await web.post(f"/orti/{id}/vendita", VENDITA, headers={"If_Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (412, '"2"')


async def test_a_refusal_is_409_with_its_code(web: Web) -> None:
    id = await web.open_garden()
    answer = await web.post(f"/orti/{id}/apertura", APERTURA)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "orto-gia-aperto"
    assert answer.json()["detail"] == "L'orto è già aperto."


async def test_what_does_not_exist_is_404(web: Web) -> None:
    for path in (f"/orti/{orto(9)}", f"/orti/{orto(9)}/eventi", "/orti/non-un-uuid", "/casse/altra", "/altro"):
        answer = await web.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_method_that_is_not_there_is_405(web: Web) -> None:
    answer = await web.client.delete(f"/orti/{orto(1)}")
    assert answer.status_code == 405
    assert answer.json()["code"] == "metodo-non-ammesso"


async def test_the_history_shows_authors_and_both_versions_of_what_was_corrected(web: Web) -> None:
    id = await web.open_garden()
    sold = (await web.post(f"/orti/{id}/vendita", VENDITA)).json()["eventi"][0]
    right = {**VENDITA, "importo_centesimi": 40000}
    correction = {"avvenuto_il": "2016-03-01", "rettifica": sold, "motivo": "errore_di_digitazione", "data": right}
    assert (await web.post(f"/orti/{id}/rettifica", correction)).status_code == 200
    events = (await web.get(f"/orti/{id}/eventi")).json()["eventi"]
    assert [e["version"] for e in events] == [1, 2, 3]
    assert {e["autore"] for e in events} == {"anna"}
    assert events[1]["dati"]["importo_centesimi"] == 45000
    assert events[1]["rettificato"]["dati"]["importo_centesimi"] == 40000
    assert events[1]["rettificato"]["da"] == events[2]["id"]
    assert "rettificato" not in events[0]
    assert (await web.get(f"/orti/{id}")).json()["stato"]["venduto_centesimi"] == 40000


async def test_correlation_and_trace_reach_the_journal(web: Web) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    headers = {"X_Correlation_Id": "giro-7", "traceparent": trace, "Idempotency_Key": "k"}
    answer = await web.post(f"/orti/{orto(1)}/apertura", APERTURA, headers=headers)
    assert answer.headers["x-correlation-id"] == "giro-7"
    row = await web.runtime.pool.fetchrow("select correlation, traceparent, causation, author from journal")
    assert tuple(row) == ("giro-7", trace, "k", "anna")


async def test_a_list_is_read_page_by_page_while_rows_come(web: Web) -> None:
    for number in range(1, 6):
        await web.open_garden(number, avvenuto_il=f"2016-02-{10 + number}")
    first = (await web.get("/liste/aperti?limite=2")).json()
    assert [r["id"] for r in first["righe"]] == [orto(1), orto(2)]
    await web.open_garden(6, avvenuto_il="2016-02-01")
    second = (await web.get(f"/liste/aperti?limite=2&cursore={first['successivo']}")).json()
    assert [r["id"] for r in second["righe"]] == [orto(3), orto(4)]
    third = (await web.get(f"/liste/aperti?limite=2&cursore={second['successivo']}")).json()
    assert ([r["id"] for r in third["righe"]], third["successivo"]) == ([orto(5)], None)


async def test_a_list_without_ids_is_read_by_position(web: Web) -> None:
    await web.open_garden(1)
    await web.open_garden(2, comune="017034")
    first = (await web.get("/liste/per-comune?limite=1")).json()
    assert first["righe"] == [{"comune": "017034", "orti": 1, "incassi_centesimi": 0}]
    second = (await web.get(f"/liste/per-comune?limite=1&cursore={first['successivo']}")).json()
    assert second["righe"][0]["comune"] == "017113"


class Terreno(Rules):
    """Rules of the made-up strand."""

    posti_massimi: Dated[int]


async def test_a_list_is_given_today_and_the_rules_it_names(web: Web) -> None:
    web.runtime.rules = Terreno.model_validate({"posti_massimi": [{"valore": 30, "al": "2016-12-31", "fonte": "x"}]})
    rule = "jsonb_to_recordset($2::jsonb->'posti_massimi') as r (valore int, al date)"
    vista = Vista("regola", "Regola", f"select $1::date as oggi_il, valore from {rule} where al > $1::date")
    async with web.runtime.pool.acquire() as connection:
        page = await read_page(connection, vista, web.runtime, None)
    assert page.rows == [{"oggi_il": TODAY, "valore": 30}]


async def test_a_made_up_cursor_or_limit_is_400(web: Web) -> None:
    for query in ("cursore=ciao", "cursore=%00", "cursore=è", "limite=0", "limite=999", "limite=²"):
        answer = await web.get(f"/liste/aperti?{query}")
        assert answer.status_code == 400, query
