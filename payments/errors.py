"""The refusals of the payments room."""

from __future__ import annotations

from i18n.refusal import Refused, Unreachable
from i18n.text import _


class AlreadyPaid(Refused):
    """The order is paid: nobody pays twice."""

    def __init__(self) -> None:
        super().__init__("payment_already_paid", _("This is already paid. You do not need to pay again."))


class OtherAmount(Refused):
    """A live payment of the order is of another amount; it has to end first."""

    def __init__(self) -> None:
        super().__init__(
            "payment_of_another_amount",
            _("A payment of another amount is already under way. Finish it or cancel it first."),
        )


class Mismatch(Refused):
    """The provider's answer speaks of another payment or amount than ours: it changes nothing."""

    def __init__(self) -> None:
        super().__init__(
            "payment_mismatch",
            _("The payment provider's answer does not match your payment. Nothing was changed; please contact us."),
        )


class NotGenuine(Refused):
    """A message does not come from the provider, or was sent too long ago."""

    def __init__(self) -> None:
        super().__init__("payment_event_not_genuine", _("This message does not come from the payment provider."))


class ProviderUnreachable(Unreachable):
    """The payment provider refused, hung, or answered something else than agreed."""

    def __init__(self) -> None:
        super().__init__(
            "payments_unreachable",
            _("The payment provider is not answering. Your application is kept; please try again in a few minutes."),
        )
