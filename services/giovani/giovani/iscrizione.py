"""L'iscrizione a un laboratorio e chi può dare il consenso perché avvenga.

La responsabilità dei genitori è di entrambi, di comune accordo (art. 316 c.c.), ma negli atti di ordinaria
amministrazione ciascuno può agire da solo (art. 320 c.c.): iscrivere a un laboratorio è uno di questi, e basta il
consenso di uno. Resta da raccogliere l'accordo dell'altro, come fa la scuola (nota MIUR 5336 del 2-9-2015): è questo
che la lista «consensi mancanti» ricorda, finché un genitore ha firmato da solo e non ha dichiarato l'accordo. Fanno le
veci dei genitori il tutore (art. 357 c.c.) e l'affidatario (L. 184/1983 art. 5). La responsabilità finisce con la
maggiore età: da allora ognuno decide per sé, o il tutore per chi è interdetto (art. 424 c.c.).
"""

from datetime import date

from pydantic import BaseModel, ConfigDict
from telaio.entity import Rejected

MAGGIORENNI = frozenset({"18-29", "30-64", "65_e_oltre"})
PER_UN_MINORE = frozenset({"un_genitore", "entrambi_i_genitori", "genitore_unico", "tutore", "affidatario"})
PER_UN_MAGGIORENNE = frozenset({"persona_maggiorenne", "tutore"})


class Iscrizione(BaseModel):
    """Una persona iscritta, dal giorno in cui lo è a quello in cui si ritira; `al_il` None: frequenta ancora."""

    model_config = ConfigDict(frozen=True)

    persona: str
    fascia_eta: str
    consenso_espresso_da: str
    dal_il: date
    al_il: date | None = None

    def comprende(self, giorno: date) -> bool:
        """Dice se quel giorno la persona era iscritta."""
        return self.dal_il <= giorno and (self.al_il is None or giorno <= self.al_il)


def con_il_consenso(iscrizione: Iscrizione) -> None:
    """Raises: Rejected "consenso-mancante", "consenso-non-proprio"; un'età che non si sa vale come minore."""
    if iscrizione.fascia_eta not in MAGGIORENNI:
        if iscrizione.consenso_espresso_da not in PER_UN_MINORE:
            raise Rejected(
                "consenso-mancante",
                "Chi è minorenne si iscrive con il consenso di un genitore, del tutore o dell'affidatario.",
            )
    elif iscrizione.consenso_espresso_da not in PER_UN_MAGGIORENNE:
        raise Rejected("consenso-non-proprio", "Chi è maggiorenne dà il consenso da sé, o lo dà il suo tutore.")
