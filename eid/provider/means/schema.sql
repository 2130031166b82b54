-- What a person proves herself by, and what waits on her phone.

-- A card or a phone. Expired follows from valid_until, locked and blocked from wrong tries: neither is written here.
CREATE TABLE IF NOT EXISTS eid.means (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    kind text NOT NULL,
    number text NOT NULL,
    standing text NOT NULL DEFAULT 'valid',
    issued_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    CONSTRAINT a_means_is_a_card_or_a_phone CHECK (kind IN ('card', 'phone')),
    CONSTRAINT a_means_is_valid_suspended_or_revoked CHECK (standing IN ('valid', 'suspended', 'revoked')),
    CONSTRAINT a_number_is_issued_once UNIQUE (kind, number)
);
CREATE INDEX IF NOT EXISTS means_by_person ON eid.means (person_id, kind, issued_at);

-- The PINs of a card or a phone and the PUK that renews them; hashed with the eID's secret, as the demo's PINs are.
CREATE TABLE IF NOT EXISTS eid.means_code (
    means_id uuid NOT NULL REFERENCES eid.means (id) ON DELETE CASCADE,
    name text NOT NULL,
    code_hash text NOT NULL,
    wrong_tries integer NOT NULL DEFAULT 0,
    PRIMARY KEY (means_id, name),
    CONSTRAINT a_code_is_a_pin_or_the_puk CHECK (name IN ('pin1', 'pin2', 'puk')),
    CONSTRAINT a_code_has_three_tries CHECK (wrong_tries BETWEEN 0 AND 3)
);

-- A request on a person's phone; answered once, by her PIN or by her no.
CREATE TABLE IF NOT EXISTS eid.approval (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES eid.person (id) ON DELETE CASCADE,
    client_id text NOT NULL REFERENCES eid.client (client_id) ON DELETE CASCADE,
    kind text NOT NULL,
    pin text NOT NULL,
    message text,
    control_code text NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    -- The browser that asked: on a phone in that same browser she need not pick the code out of three.
    browser_hash bytea,
    CONSTRAINT an_approval_is_for_signing_in_or_signing CHECK (kind IN ('sign_in', 'backchannel', 'signature')),
    CONSTRAINT an_approval_takes_a_pin CHECK (pin IN ('pin1', 'pin2')),
    CONSTRAINT a_control_code_has_four_digits CHECK (control_code ~ '^[0-9]{4}$'),
    CONSTRAINT an_approval_is_pending_approved_or_refused CHECK (state IN ('pending', 'approved', 'refused')),
    CONSTRAINT an_answer_says_when CHECK ((state = 'pending') = (answered_at IS NULL))
);
CREATE INDEX IF NOT EXISTS approval_by_person ON eid.approval (person_id, expires_at);
CREATE INDEX IF NOT EXISTS approval_by_expiry ON eid.approval (expires_at);

-- Where the phone leads back to, in the browser that asked: a page of ours.
ALTER TABLE eid.approval ADD COLUMN IF NOT EXISTS way_back text;

-- What a sign-in waits for on a phone.
ALTER TABLE eid.interaction ADD COLUMN IF NOT EXISTS approval_id uuid REFERENCES eid.approval (id) ON DELETE SET NULL;

-- A QR code on a sign-in page: for a minute, whoever scans it has that sign-in ask her own phone, and none else.
CREATE TABLE IF NOT EXISTS eid.scan_code (
    token_hash bytea PRIMARY KEY,
    interaction_id uuid NOT NULL REFERENCES eid.interaction (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS scan_code_by_expiry ON eid.scan_code (expires_at);
