"""The stand-in for the national eID: an OpenID Connect provider and the trust services, a program of its own."""
