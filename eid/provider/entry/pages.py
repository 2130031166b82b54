"""Every page of the means as one list: a sign-in's, the phone's, the card's."""

from __future__ import annotations

from eid.provider.entry import card_page, demo_pin, scan, waiting, who
from eid.provider.means import holder, phone, unlocking

HANDLERS = (
    *(who.who, who.choose),
    *(demo_pin.ask_pin, demo_pin.take_pin),
    *(card_page.ask_card, card_page.take_card),
    *(waiting.wait, waiting.ask_again, waiting.show_code),
    *(phone.phone, phone.look, phone.approve, phone.refuse),
    *(holder.ask_owner, holder.take_owner),
    *(scan.scan, scan.follow),
    *(unlocking.card, unlocking.ask_puk, unlocking.take_puk, unlocking.unlocked),
)
