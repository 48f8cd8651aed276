"""Chi si affida a chi: catene, flussi, percorsi, legami."""
