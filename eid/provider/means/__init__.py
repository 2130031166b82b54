"""By what a person proves who she is: a card or a phone, with two PINs and a PUK; and what waits on her phone."""
