-- What people sign before it is submitted: the application as a sheet, who has to sign it, and each signing under way.

-- It says the same, and knows the new state.
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT what_left_draft_was_submitted_with_its_fee_known;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT what_left_draft_was_submitted_with_its_fee_known CHECK (
    state IN ('draft', 'withdrawn')
    OR (fee_cents IS NOT NULL AND (submitted_at IS NOT NULL OR state = 'awaiting_signature'))
);

-- One row for each person who has to sign, in the order in which they sign. A reopened application is frozen anew, in a
-- later revision: what was signed of an earlier one is void.
CREATE TABLE signature (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    revision bigint NOT NULL,
    place bigint NOT NULL,
    personal_number text NOT NULL,
    name text NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    signed_at timestamptz,
    CONSTRAINT each_place_is_one_persons UNIQUE (application_id, revision, place),
    CONSTRAINT a_person_signs_once UNIQUE (application_id, revision, personal_number),
    CONSTRAINT places_count_from_one CHECK (place >= 1),
    CONSTRAINT a_signer_has_ten_digits CHECK (personal_number ~ '^[0-9]{10}$'),
    CONSTRAINT there_is_time_to_sign CHECK (due_at > asked_at)
);
CREATE INDEX signature_awaited_of_person ON signature (personal_number) WHERE signed_at IS NULL;
CREATE INDEX signature_awaited_by_day ON signature (due_at) WHERE signed_at IS NULL;

-- The sheet as it was frozen (stage 0), after each signature, and with the institution's seal of receipt.
CREATE TABLE sheet (
    application_id uuid NOT NULL REFERENCES application (id),
    revision bigint NOT NULL,
    stage bigint NOT NULL,
    is_received boolean NOT NULL DEFAULT FALSE,
    pdf bytea NOT NULL,
    sha256 bytea NOT NULL,
    kept_at timestamptz NOT NULL,
    PRIMARY KEY (application_id, revision, stage, is_received),
    CONSTRAINT stages_count_signatures CHECK (stage >= 0),
    CONSTRAINT the_digest_is_the_sheets_own CHECK (sha256 = sha256(pdf))
);
CREATE INDEX sheet_of_file ON sheet (sha256);
CREATE TRIGGER a_sheet_stays_as_it_was_frozen_or_signed BEFORE UPDATE OR DELETE ON sheet
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A signing under way: what was asked of the signing service, what is to be signed, and the signature itself until it is
-- in the sheet. No secret of the person's is ever here.
CREATE TABLE signing (
    signature_id uuid PRIMARY KEY REFERENCES signature (id),
    state text NOT NULL,
    -- The browser comes back with this, once.
    asked_hash bytea,
    asked jsonb,
    credential jsonb,
    prepared bytea,
    prepared_about jsonb,
    -- The bare signature (ECDSA, DER).
    value bytea,
    failure text,
    changed_at timestamptz NOT NULL,
    CONSTRAINT a_signing_is_in_a_known_state CHECK (state IN ('asking', 'prepared', 'authorising', 'given', 'failed')),
    CONSTRAINT an_answer_belongs_to_one_signing UNIQUE (asked_hash),
    CONSTRAINT what_is_given_is_there CHECK (state <> 'given' OR (value IS NOT NULL AND prepared IS NOT NULL)),
    CONSTRAINT what_failed_says_why CHECK ((state = 'failed') = (failure IS NOT NULL))
);
-- What the worker looks for every minute.
CREATE INDEX signing_to_complete ON signing (changed_at) WHERE state = 'given';

-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE notice ADD CONSTRAINT a_notice_is_of_a_known_kind CHECK (
    kind IN ('issued', 'refused', 'co_signature', 'lapsed')
);
-- A second parent is told of an application that is not hers.
CREATE UNIQUE INDEX an_application_gives_a_person_one_notice_of_a_kind ON notice (application_id, kind, person_id);
-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT an_application_gives_one_notice_of_a_kind;
