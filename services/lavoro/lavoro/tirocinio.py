"""Il tirocinio: quando comincia e finisce, la frequenza di ogni mese. Come si attiva e si proroga: `attivazione.py`."""

from datetime import date

from contratti import lavoro
from telaio.entity import Entity, State

CONCLUSO, INTERROTTO = "concluso", "interrotto"


class Tirocinio(State):
    """Chi, dove, quando e come va. `stato`: in corso, concluso o interrotto; `finito_il` c'è quando non è in corso."""

    candidato: str
    aderente: str
    categoria: lavoro.Categoria
    dal: date
    al: date
    ore_settimanali: int
    indennita_centesimi: int
    tutor_aziendale: str
    stato: str = "in_corso"
    finito_il: date | None = None
    frequenze: tuple[lavoro.FrequenzaRegistrata, ...] = ()

    @property
    def fino_al(self) -> date:
        """Restituisce l'ultimo giorno in cui il tirocinio occupa il suo posto."""
        return min(self.al, self.finito_il or self.al)


tirocini = Entity("tirocinio", Tirocinio, "tirocini", "Tirocinio", named_by=("dal", "stato"))
tirocini.begin(lavoro.TirocinioAttivato, lambda _, e: Tirocinio(**e.model_dump()))
tirocini.after(lavoro.FrequenzaRegistrata, lambda t, e: t.with_(frequenze=(*t.frequenze, e)))
tirocini.after(lavoro.TirocinioProrogato, lambda t, e: t.with_(al=e.al))
tirocini.after(lavoro.TirocinioInterrotto, lambda t, e: t.with_(stato=INTERROTTO, finito_il=e.avvenuto_il))
tirocini.after(lavoro.TirocinioConcluso, lambda t, e: t.with_(stato=CONCLUSO, finito_il=e.avvenuto_il))

tirocini.claim(
    "candidato-gia-in-tirocinio", "Il candidato ha già un tirocinio in corso: prima va detto come è finito."
)(lambda t: [] if t.finito_il else [t.candidato])
tirocini.never("fine-prima-dell-inizio", "L'ultimo giorno è prima del primo: va corretto.", lambda t: t.al < t.dal)
tirocini.never(
    "conclusione-prima-del-termine",
    "Il termine non è ancora arrivato: si registra un'interruzione.",
    lambda t: t.stato == CONCLUSO and t.fino_al < t.al,
)
tirocini.never(
    "mese-gia-registrato",
    "La frequenza di questo mese c'è già: se è sbagliata si rettifica.",
    lambda t: len({f.mese for f in t.frequenze}) < len(t.frequenze),
)
tirocini.never(
    "mese-fuori-dal-tirocinio",
    "Di un mese in cui il tirocinio non c'era risulta la frequenza: controllare il mese e le date.",
    lambda t: any(not f"{t.dal:%Y-%m}" <= f.mese <= f"{t.fino_al:%Y-%m}" for f in t.frequenze),
)
ancora_in_corso = tirocini.refusal("tirocinio-finito", "Il tirocinio è già finito.", lambda t: t.finito_il)
tirocini.records("interruzione", lavoro.TirocinioInterrotto, ancora_in_corso)
tirocini.records("conclusione", lavoro.TirocinioConcluso, ancora_in_corso)
