"""Where the broker is, and how a service signs in to it: by name and password or by certificate, over TLS."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]
FASTSTREAM: dict[str, Any] = {
    "SCRAM-SHA-512": SASLScram512,
    "SCRAM-SHA-256": SASLScram256,
    "PLAIN": SASLPlaintext,
}


@dataclass(frozen=True)
class Bus:
    """A broker's addresses, and what is needed to sign in; nothing is, inside one machine.

    ca_file: whom to believe that the broker is the broker; certificate and key: who we are, where the broker asks.
    """

    address: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    mechanism: Mechanism = "SCRAM-SHA-512"
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None

    @property
    def protocol(self) -> str:
        """As Kafka calls it."""
        return ("SASL_" if self.user else "") + ("SSL" if self.tls else "PLAINTEXT")

    def context(self) -> ssl.SSLContext | None:
        """None without TLS. Raises: OSError, ssl.SSLError for files that cannot be used."""
        if not self.tls:
            return None
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        if self.certificate_file:
            context.load_cert_chain(self.certificate_file, self.key_file)
        return context

    @property
    def client(self) -> dict[str, Any]:
        """How aiokafka's clients connect."""
        options: dict[str, Any] = {"bootstrap_servers": self.address, "security_protocol": self.protocol}
        if self.tls:
            options["ssl_context"] = self.context()
        if self.user:
            options |= {"sasl_mechanism": self.mechanism, "sasl_plain_username": self.user}
            options["sasl_plain_password"] = self.password
        return options

    @property
    def security(self) -> BaseSecurity:
        """How FastStream's broker connects."""
        if self.user:
            by_name: BaseSecurity = FASTSTREAM[self.mechanism](
                self.user, self.password or "", ssl_context=self.context(), use_ssl=self.tls
            )
            return by_name
        return BaseSecurity(ssl_context=self.context(), use_ssl=self.tls)


def bus(kafka: Bus | str) -> Bus:
    """The bus; an address alone is one that asks nobody who they are."""
    return kafka if isinstance(kafka, Bus) else Bus(kafka)
