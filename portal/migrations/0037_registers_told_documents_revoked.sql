-- What registers are told because something was decided or paid, until each has recorded it or said no.
CREATE TABLE register_posting (
    -- The message's id too, by which the register knows it when it comes again.
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    reference text NOT NULL,
    -- The line of the definition because of which it is told.
    place bigint NOT NULL,
    desk text NOT NULL,
    target text NOT NULL,
    subject text NOT NULL,
    represented text,
    body jsonb NOT NULL,
    purpose jsonb NOT NULL,
    legal_basis jsonb NOT NULL,
    state text NOT NULL,
    put_at timestamptz NOT NULL,
    tries bigint NOT NULL DEFAULT 0,
    tried_at timestamptz,
    settled_at timestamptz,
    number text,
    why text,
    -- What was sent in its place after the register had refused it.
    again uuid REFERENCES register_posting (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_posting_is_about_a_personal_number CHECK (subject ~ '^[0-9]{10}$'),
    CONSTRAINT a_posting_waits_is_recorded_or_refused CHECK (state IN ('waiting', 'recorded', 'refused')),
    CONSTRAINT what_is_settled_says_when CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT what_a_register_refused_says_why CHECK ((state = 'refused') = (why IS NOT NULL)),
    CONSTRAINT only_what_was_refused_is_sent_again CHECK (again IS NULL OR state = 'refused')
);
CREATE UNIQUE INDEX an_application_tells_a_register_once ON register_posting (application_id, place)
WHERE again IS NULL;
CREATE INDEX register_posting_waiting ON register_posting (put_at) WHERE state = 'waiting';
CREATE INDEX register_posting_unsettled ON register_posting (desk, put_at)
WHERE again IS NULL AND state <> 'recorded';

CREATE FUNCTION refuse_another_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.application_id, OLD.target, OLD.subject, OLD.body, OLD.put_at) IS DISTINCT FROM
       (NEW.application_id, NEW.target, NEW.subject, NEW.body, NEW.put_at)
       OR (OLD.state <> 'waiting' AND (OLD.state, OLD.settled_at) IS DISTINCT FROM (NEW.state, NEW.settled_at)) THEN
        RAISE EXCEPTION 'a posting stays as it was put and settled' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_posting_stays_as_it_was_put BEFORE UPDATE ON register_posting
FOR EACH ROW EXECUTE FUNCTION refuse_another_posting();
CREATE TRIGGER a_posting_is_kept BEFORE DELETE ON register_posting
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The record of who looked tells of changes too.
ALTER TABLE fact_read ADD COLUMN act text NOT NULL DEFAULT 'read';
ALTER TABLE fact_read ADD CONSTRAINT an_act_reads_or_changes CHECK (act IN ('read', 'change')) NOT VALID;

-- A document that was issued in the place of another one says which.
-- squawk-ignore adding-foreign-key-constraint
ALTER TABLE document ADD COLUMN replaces uuid REFERENCES document (id);
-- squawk-ignore ban-drop-constraint
ALTER TABLE document DROP CONSTRAINT an_application_is_issued_a_document_once;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX an_application_is_issued_a_document_once ON document (application_id, kind) WHERE replaces IS NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX a_document_is_replaced_once ON document (replaces);

-- What one officer proposes, another one confirms: to revoke a document, and perhaps to issue a corrected one.
CREATE TABLE revocation_proposal (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES document (id),
    desk text NOT NULL,
    ground text NOT NULL,
    text text NOT NULL,
    -- Of which facts a corrected document is made: those of the decision, or those of now. Null where none is made.
    facts text,
    proposed_by uuid NOT NULL REFERENCES person (id),
    proposed_at timestamptz NOT NULL,
    state text NOT NULL,
    settled_by uuid REFERENCES person (id),
    settled_at timestamptz,
    -- Why no corrected document can be made after all.
    failure text,
    CONSTRAINT a_proposal_is_open_confirmed_or_dropped CHECK (state IN ('open', 'confirmed', 'dropped')),
    CONSTRAINT a_ground_is_known CHECK (ground IN ('wrong_data', 'issued_in_error', 'false_statement', 'legal_basis_gone')),
    CONSTRAINT a_corrected_document_has_its_facts CHECK (facts IN ('decided', 'fresh')),
    CONSTRAINT only_a_confirmed_reissue_fails CHECK (failure IS NULL OR (state = 'confirmed' AND facts IS NOT NULL)),
    CONSTRAINT what_was_settled_says_when_and_by_whom CHECK (
        (state = 'open') = (settled_at IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL)
    ),
    CONSTRAINT who_proposes_does_not_confirm CHECK (state <> 'confirmed' OR settled_by <> proposed_by)
);
CREATE UNIQUE INDEX a_document_is_proposed_for_revocation_once ON revocation_proposal (document_id)
WHERE state IN ('open', 'confirmed');
CREATE INDEX revocation_proposal_open ON revocation_proposal (desk, proposed_at) WHERE state = 'open';
CREATE TRIGGER a_proposal_is_kept BEFORE DELETE ON revocation_proposal
FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE document_revocation ADD COLUMN desk text, ADD COLUMN ground text;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX document_revocation_by_day ON document_revocation (revoked_at);

-- What a person says is wrong in her document, and what her office answered.
CREATE TABLE document_correction (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES document (id),
    person_id uuid NOT NULL REFERENCES person (id),
    text text NOT NULL,
    asked_at timestamptz NOT NULL,
    answer text,
    answered_by uuid REFERENCES person (id),
    answered_at timestamptz,
    CONSTRAINT a_correction_says_what_is_wrong CHECK (trim(text) <> ''),
    CONSTRAINT an_answer_says_when_and_by_whom CHECK (
        (answer IS NULL) = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL)
    )
);
CREATE UNIQUE INDEX a_document_is_questioned_once_at_a_time ON document_correction (document_id)
WHERE answered_at IS NULL;
CREATE TRIGGER a_correction_is_kept BEFORE DELETE ON document_correction
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (
    kind IN (
        'issued', 'refused', 'co_signature', 'lapsed', 'your_turn', 'case_answered', 'asked', 'expired',
        'office_answered', 'citizen_wrote', 'dismissed', 'revoked', 'reissued', 'correction_answered'
    )
) NOT VALID;
