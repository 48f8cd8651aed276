#!/bin/sh
# Fa ciò che serve al broker del distretto: chi garantisce per lui, il suo certificato, un utente per servizio con la sua
# password, l'elenco dei permessi. Ciò che c'è già resta com'è. Dopo prepara.sh:
#   sh prepara-distretto.sh kafka.miodistretto.it [distretto.toml]
# A ogni partner si consegnano riservato/utenti/<servizio> (è il suo kafka_password) e riservato/segreti/kafka_ca.pem.
set -eu
nome=${1:?indicare il nome con cui i partner raggiungono il broker}
distretto=${2:+$(realpath "$2")}
cd "$(dirname "$0")"
riservato=$(sed -n 's/^RISERVATO=//p' .env)
riservato=${riservato:-./riservato}
immagine=genera/$(sed -n 's/^SERVIZIO=//p' .env):$(sed -n 's/^VERSIONE=//p' .env)
caso() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

docker run --rm ${distretto:+-v "$distretto:/distretto.toml:ro"} --entrypoint python "$immagine" \
  -m telaio.rights ${distretto:+/distretto.toml} > "$riservato/diritti.tsv"
mkdir -p "$riservato/utenti"
cut -f1 "$riservato/diritti.tsv" | while read -r utente; do
  test -e "$riservato/utenti/$utente" || { caso > "$riservato/utenti/$utente"; echo "fatto l'utente $utente"; }
done
cd "$riservato/segreti"
test -e kafka_password || cp "../utenti/cruscotto" kafka_password
test -e grafana_password || caso > grafana_password
if ! test -e kafka_ca.pem; then
  # Gli usi della chiave vanno detti: senza, chi verifica come si deve (Python 3.13) non si fida.
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj "/CN=genera-azioni" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout kafka_ca.chiave -out kafka_ca.pem 2>/dev/null
  echo "fatto kafka_ca.pem: vale dieci anni; la chiave kafka_ca.chiave va tolta da qui e messa al sicuro"
fi
if ! test -e kafka_certificato.pem; then
  printf '%s\n' "subjectAltName=DNS:$nome" "basicConstraints=critical,CA:FALSE" "extendedKeyUsage=serverAuth" \
    "keyUsage=critical,digitalSignature,keyEncipherment" "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" > estensioni
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$nome" -keyout chiave -out richiesta 2>/dev/null
  openssl x509 -req -in richiesta -CA kafka_ca.pem -CAkey kafka_ca.chiave -CAcreateserial -days 825 -extfile estensioni \
    -out certificato 2>/dev/null
  cat chiave certificato kafka_ca.pem > kafka_certificato.pem
  rm -f chiave richiesta certificato estensioni kafka_ca.srl
  echo "fatto kafka_certificato.pem per $nome: vale fino al $(openssl x509 -enddate -noout -in kafka_certificato.pem | cut -d= -f2)"
fi
chmod 600 ./*.chiave 2>/dev/null || true
chmod 644 kafka_password grafana_password kafka_ca.pem kafka_certificato.pem ../utenti/*
