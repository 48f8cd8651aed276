"""Settings: environment variables with the prefix GENERA_, secrets also as files (`…_FILE`). Nothing else is read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from telaio.bus import Bus, Mechanism

PREFIX = "GENERA_"


class SettingsError(Exception):
    """The service cannot start: one line for each setting that is unknown, missing or wrong."""

    @property
    def lines(self) -> list[str]:
        """What is wrong, one thing each."""
        return str(self).splitlines()


class Settings(BaseModel):
    """What a service is told from outside. Descriptions become `.env.example`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str = Field(description="indirizzo del database del servizio (postgresql://…)")
    kafka: str = Field(description="indirizzi del broker, separati da virgola")
    kafka_utente: str | None = Field(None, description="con che nome ci si presenta al broker")
    kafka_password: str | None = Field(None, repr=False, description="la sua password; meglio in un file")
    kafka_meccanismo: Mechanism = Field("SCRAM-SHA-512", description="come il broker verifica la password")
    kafka_tls: bool = Field(False, description="collegarsi al broker con TLS")
    kafka_ca_file: Path | None = Field(None, description="certificato di chi garantisce per il broker (PEM)")
    kafka_certificato_file: Path | None = Field(None, description="certificato con cui ci si presenta (PEM)")
    kafka_chiave_file: Path | None = Field(None, description="la sua chiave privata (PEM)")
    partner: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,59}$", description="partner che gestisce il servizio")
    chiavi_file: Path | None = Field(
        None,
        description="file JWKS con le chiavi pubbliche che firmano i token; senza, quelle che GENERA_OIDC pubblica",
    )
    emittente: str = Field(description="chi emette i token (claim iss)")
    destinatario: str = Field("genera", description="destinatario dei token (claim aud)")
    oidc: str | None = Field(None, description="gestore delle identità OpenID Connect: il suo indirizzo (issuer)")
    oidc_cliente: str | None = Field(
        None, description="il servizio presso il gestore (client id): si accede dalle pagine"
    )
    oidc_segreto: str | None = Field(
        None, repr=False, description="segreto del servizio presso il gestore; nessuno se è pubblico"
    )
    oidc_ambiti: str = Field("openid profile", description="ambiti da chiedere al gestore (scope)")
    claim_ruoli: str = Field("ruoli", description="claim con i ruoli, anche a passi: realm_access.roles")
    claim_servizi: str = Field("servizi", description="claim con i servizi in cui i ruoli valgono; * per tutti")
    claim_ente: str = Field("ente", description="claim con il partner per cui si lavora")
    indirizzo: str | None = Field(None, description="indirizzo delle pagine visto dai browser (https://…)")
    host: str = Field("127.0.0.1", description="indirizzo su cui ascoltare")
    port: int = Field(8000, ge=0, le=65535, description="porta delle pagine e delle API")
    metrics_port: int = Field(0, ge=0, le=65535, description="porta di /metrics; 0 per nessuna")
    relay: bool = Field(True, description="spedire il diario a Kafka da questo processo")
    lettore: bool = Field(True, description="leggere gli eventi da questo processo")
    battito: float = Field(60, ge=1, description="secondi fra un battito e l'altro; il database si misura più spesso")
    istanza: str = Field("1", description="nome di questo processo fra quelli che leggono insieme: ognuno il suo")
    idempotente: bool = Field(True, description="produttore idempotente (no solo se il broker non lo sa fare)")
    distretto_file: Path | None = Field(None, description="dati del distretto: comuni, enti, obiettivi (TOML)")
    regole_file: Path | None = Field(None, description="regole del distretto che sostituiscono quelle d'esempio (TOML)")
    sviluppo: bool = Field(False, description="ambiente di sviluppo: ammette orologio simulato e identità di prova")
    adesso: str | None = Field(None, description="solo sviluppo: istante simulato, o @file che lo contiene")
    tracce: str | None = Field(None, description="dove mandare le tracce (OTLP/HTTP); senza, nessuna traccia")
    log_level: str = Field("INFO", description="livello dei log")

    @field_validator("database", "kafka")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("è vuoto")
        return value.strip()

    @model_validator(mode="after")
    def _development_only(self) -> Self:
        if not self.sviluppo and self.adesso:
            raise ValueError("GENERA_ADESSO è ammessa solo con GENERA_SVILUPPO=1")
        return self

    @model_validator(mode="after")
    def _identity_provider(self) -> Self:
        """The development provider speaks plain http: that is how it is told apart, and refused elsewhere."""
        if not self.chiavi_file and not self.oidc:
            raise ValueError("manca GENERA_CHIAVI_FILE, o GENERA_OIDC che pubblichi le chiavi")
        if self.oidc_cliente and not self.oidc:
            raise ValueError("GENERA_OIDC_CLIENTE vuole GENERA_OIDC")
        if self.oidc and not self.sviluppo and not self.oidc.startswith("https://"):
            raise ValueError("GENERA_OIDC deve essere https:// (http solo con GENERA_SVILUPPO=1)")
        if self.oidc_cliente and not self.sviluppo and not (self.indirizzo or "").startswith("https://"):
            raise ValueError("GENERA_INDIRIZZO: serve l'indirizzo https:// delle pagine, dove il gestore rimanda")
        return self

    @model_validator(mode="after")
    def _whole_sign_in(self) -> Self:
        if bool(self.kafka_utente) != bool(self.kafka_password):
            raise ValueError("GENERA_KAFKA_UTENTE e GENERA_KAFKA_PASSWORD vanno indicate insieme")
        if bool(self.kafka_certificato_file) != bool(self.kafka_chiave_file):
            raise ValueError("GENERA_KAFKA_CERTIFICATO_FILE e GENERA_KAFKA_CHIAVE_FILE vanno indicate insieme")
        if not self.kafka_tls and (self.kafka_ca_file or self.kafka_certificato_file):
            raise ValueError("i certificati del broker servono con GENERA_KAFKA_TLS=1")
        if self.kafka_utente and not (self.kafka_tls or self.sviluppo):
            raise ValueError("fuori dallo sviluppo una password non si manda senza GENERA_KAFKA_TLS=1")
        return self

    @property
    def bus(self) -> Bus:
        """Where the broker is, and how to sign in."""
        return Bus(
            address=self.kafka,
            user=self.kafka_utente,
            password=self.kafka_password,
            mechanism=self.kafka_meccanismo,
            tls=self.kafka_tls,
            ca_file=self.kafka_ca_file,
            certificate_file=self.kafka_certificato_file,
            key_file=self.kafka_chiave_file,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """The settings in the environment. Raises: SettingsError with every problem at once."""
        found = _read(os.environ if environment is None else environment)
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            raise SettingsError("\n".join(_line(e["loc"], e["type"], e["msg"]) for e in error.errors())) from error


def _read(environment: Mapping[str, str]) -> dict[str, str]:
    """Settings by field name; `GENERA_X_FILE` gives the content of a file where X is a setting and X_FILE is none."""
    found: dict[str, str] = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if name not in Settings.model_fields and secret in Settings.model_fields:
            found[secret] = _secret(variable, value)
        else:
            found[name] = value
    return found


def _secret(variable: str, path: str) -> str:
    """What the file holds. Raises: SettingsError."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: il file {path} non si legge") from error


def _line(location: tuple[int | str, ...], kind: str, message: str) -> str:
    name = PREFIX + "_".join(str(p) for p in location).upper() if location else "impostazioni"
    words = {"missing": "manca", "extra_forbidden": "non esiste: nome sbagliato?"}
    return f"{name}: {words.get(kind, message.removeprefix('Value error, '))}"
