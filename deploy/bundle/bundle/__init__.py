"""What a partner is handed: one archive that installs its service without this repository and without a network."""
