"""A person led through signing: which key she has, what exactly is signed, her word for it, and back.

What is signed is an act (act.py): her application (application.py) or an officer's list of approvals (batch.py). How
it is signed is one way for both: at the signing service (at_service.py), or on a page apart with a code (by_code.py).
"""
