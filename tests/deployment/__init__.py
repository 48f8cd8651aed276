"""How it is deployed: the files a partner and the district are handed do what the guides say."""
