"""Who you are: the OpenID Connect client, the institutions' seals, and beside them the stand-in national eID."""
