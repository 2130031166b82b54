-- The payment provider's own records, in the schema `payments`. Runs at every start; forward only.

CREATE TABLE IF NOT EXISTS payment (
    id text PRIMARY KEY,
    token text NOT NULL,
    idempotency_key text NOT NULL,
    reference uuid NOT NULL,
    cents bigint NOT NULL,
    description jsonb NOT NULL,
    language text NOT NULL,
    return_url text NOT NULL,
    payer_note text NOT NULL,
    state text NOT NULL,
    -- A card's last four digits or a bank's name; nothing more of either is ever kept.
    method_kind text,
    method_name text,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT a_token_names_one_payment UNIQUE (token),
    CONSTRAINT a_key_opens_one_payment UNIQUE (idempotency_key),
    CONSTRAINT a_payment_is_of_more_than_nothing CHECK (cents > 0),
    CONSTRAINT a_language_is_one_of_ours CHECK (language IN ('sq', 'sr', 'en')),
    CONSTRAINT a_payment_is_in_a_state CHECK (state IN ('open', 'paid', 'declined', 'cancelled', 'expired')),
    CONSTRAINT an_ended_payment_says_when CHECK ((state = 'open') = (ended_at IS NULL)),
    CONSTRAINT paid_money_came_by_some_method CHECK (state <> 'paid' OR method_kind IS NOT NULL),
    CONSTRAINT of_a_card_four_digits_are_kept CHECK (method_kind <> 'card' OR method_name ~ '^[0-9]{4}$')
);
CREATE INDEX IF NOT EXISTS payment_due ON payment (expires_at) WHERE state = 'open';

-- Messages for the merchant: written with what they tell, sent until they are taken.
CREATE TABLE IF NOT EXISTS message (
    id text PRIMARY KEY,
    payment_id text NOT NULL REFERENCES payment (id),
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    delivered_at timestamptz,
    last_failure text,
    CONSTRAINT an_end_is_told_by_one_message UNIQUE (payment_id)
);
CREATE INDEX IF NOT EXISTS message_due ON message (next_attempt_at) WHERE delivered_at IS NULL;
