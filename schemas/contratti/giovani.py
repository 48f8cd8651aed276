"""Gli eventi della linea giovani: facilitatori, laboratori, catalogo scuola-lavoro, eventi territoriali."""
