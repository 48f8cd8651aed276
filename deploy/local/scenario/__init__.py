"""Il copione della demo: un tratto credibile del progetto. `plan` lo scrive, `play` lo recita, `conto` lo conta."""
