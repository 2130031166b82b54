"""My eID: what a person sees of her own eID, and what she can do about it. She signs in for it as for a service."""
