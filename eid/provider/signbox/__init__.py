"""The second dialect of remote signing, SignBox: the person's secrets pass through the client, so it stands apart."""
