-- Money: what is asked for, what the provider said, what was booked.

-- One try to pay for an order. The id is also the idempotency key at the provider.
CREATE TABLE payment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    cents bigint NOT NULL,
    currency text NOT NULL,
    description jsonb NOT NULL,
    state text NOT NULL,
    provider_id text,
    pay_url text,
    -- Paid after it had been declined, cancelled or expired.
    late boolean NOT NULL DEFAULT false,
    -- Paid although another payment had paid the order: owed back.
    surplus boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    opened_at timestamptz,
    settled_at timestamptz,
    CONSTRAINT a_payment_is_of_more_than_nothing CHECK (cents > 0),
    CONSTRAINT a_payment_is_in_euro CHECK (currency = 'EUR'),
    CONSTRAINT a_payment_says_what_it_is_for_in_every_language CHECK (description ?& ARRAY['sq', 'sr', 'en']),
    CONSTRAINT a_payment_is_in_a_state_of_its_life CHECK (
        state IN ('prepared', 'opened', 'paid', 'declined', 'cancelled', 'expired')
    ),
    CONSTRAINT an_opened_payment_has_a_page CHECK (
        state <> 'opened' OR (provider_id IS NOT NULL AND pay_url IS NOT NULL AND opened_at IS NOT NULL)
    ),
    CONSTRAINT an_ended_payment_says_when CHECK ((settled_at IS NULL) = (state IN ('prepared', 'opened'))),
    CONSTRAINT only_paid_money_is_late_or_surplus CHECK (state = 'paid' OR NOT (late OR surplus)),
    CONSTRAINT a_provider_id_names_one_payment UNIQUE (provider_id)
);
CREATE UNIQUE INDEX an_order_has_one_live_payment ON payment (order_id) WHERE state IN ('prepared', 'opened');
CREATE UNIQUE INDEX an_order_is_paid_once ON payment (order_id) WHERE state = 'paid' AND NOT surplus;
CREATE INDEX payment_of_order ON payment (order_id, id);
CREATE INDEX open_payment ON payment (id) WHERE state = 'opened';
CREATE TRIGGER a_payment_is_never_deleted BEFORE DELETE ON payment FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Everything that the provider said about a payment, once each, whether it changed anything or not.
CREATE TABLE payment_event (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment (id),
    -- The provider's id of the message, or of the state that we read.
    event_id text NOT NULL,
    outcome text NOT NULL,
    changed boolean NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT an_event_is_kept_once UNIQUE (event_id),
    CONSTRAINT an_event_is_an_end CHECK (outcome IN ('paid', 'declined', 'cancelled', 'expired'))
);
CREATE INDEX payment_event_of_payment ON payment_event (payment_id, id);
CREATE TRIGGER a_payment_event_stays BEFORE UPDATE OR DELETE ON payment_event
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Double entry in one row: the same cents debit one account and credit another, so that the books cannot but balance.
--   provider  what the payment provider holds for the treasury (an asset)
--   fees      fees earned
--   refunds   owed back to the payer
CREATE TABLE ledger_entry (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment (id),
    debit text NOT NULL,
    credit text NOT NULL,
    cents bigint NOT NULL,
    written_at timestamptz NOT NULL,
    CONSTRAINT an_entry_is_of_known_accounts CHECK (
        debit IN ('provider', 'fees', 'refunds') AND credit IN ('provider', 'fees', 'refunds')
    ),
    CONSTRAINT an_entry_moves_money_between_two_accounts CHECK (debit <> credit),
    CONSTRAINT an_entry_is_of_more_than_nothing CHECK (cents > 0),
    CONSTRAINT a_payment_is_booked_once UNIQUE (payment_id, debit, credit)
);
CREATE TRIGGER a_ledger_entry_stays BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION refuse_change();
