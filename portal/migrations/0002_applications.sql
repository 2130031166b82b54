-- What people ask of the state, what became of it, and how they rate it.

-- Every version of a definition that an application began with: the application keeps it for life.
CREATE TABLE definition (
    service_id text NOT NULL,
    version bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (service_id, version),
    CONSTRAINT versions_count_from_one CHECK (version >= 1)
);

CREATE TYPE application_state AS ENUM (
    'draft', 'awaiting_payment', 'submitted', 'approved', 'refused', 'issued', 'withdrawn'
);

CREATE TYPE application_step AS ENUM (
    'begin', 'read_facts', 'answer', 'discard', 'submit', 'bill', 'pay', 'approve', 'refuse', 'issue', 'withdraw',
    'rate'
);

CREATE TABLE application (
    id uuid PRIMARY KEY,
    reference text NOT NULL,
    service_id text NOT NULL,
    service_version bigint NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    channel text NOT NULL,
    language text NOT NULL,
    state application_state NOT NULL,
    -- Typed values by question id.
    answers jsonb NOT NULL,
    -- What the registers answered: fact, about whom, value, register, time.
    facts jsonb NOT NULL,
    -- The child whom it is about; null when it is about the applicant.
    beneficiary text,
    fee_cents bigint,
    payment_id uuid,
    document_id uuid,
    -- The rule that refused, and its sentence in every language.
    refusal jsonb,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    submitted_at timestamptz,
    decided_at timestamptz,
    issued_at timestamptz,
    rated_at timestamptz,
    FOREIGN KEY (service_id, service_version) REFERENCES definition (service_id, version),
    CONSTRAINT a_reference_names_one_application UNIQUE (reference),
    CONSTRAINT a_payment_settles_one_application UNIQUE (payment_id),
    CONSTRAINT an_application_comes_by_a_known_channel CHECK (channel IN ('web', 'counter', 'kiosk')),
    CONSTRAINT an_application_is_in_one_of_our_languages CHECK (language IN ('sq', 'sr', 'en')),
    CONSTRAINT a_beneficiary_has_ten_digits CHECK (beneficiary ~ '^[0-9]{10}$'),
    CONSTRAINT a_fee_is_not_negative CHECK (fee_cents >= 0),
    CONSTRAINT what_left_draft_was_submitted_with_its_fee_known CHECK (
        state IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND fee_cents IS NOT NULL)
    ),
    CONSTRAINT what_awaits_payment_costs_something CHECK (state <> 'awaiting_payment' OR fee_cents > 0),
    CONSTRAINT what_costs_is_decided_only_when_paid CHECK (
        state NOT IN ('submitted', 'approved', 'issued') OR fee_cents = 0 OR payment_id IS NOT NULL
    ),
    CONSTRAINT what_is_refused_says_why CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CONSTRAINT what_is_issued_has_a_document CHECK ((state = 'issued') = (document_id IS NOT NULL)),
    CONSTRAINT only_what_is_finished_is_rated CHECK (rated_at IS NULL OR state IN ('issued', 'refused'))
);

-- A second "begin" finds the draft instead of making another.
CREATE UNIQUE INDEX one_live_draft_for_a_person_and_service ON application (person_id, service_id)
WHERE state = 'draft';
-- My applications, newest first, paged by key (ids are in order of time).
CREATE INDEX application_of_person ON application (person_id, id DESC);

CREATE TABLE application_event (
    application_id uuid NOT NULL REFERENCES application (id),
    revision bigint NOT NULL,
    step application_step NOT NULL,
    state application_state NOT NULL,
    actor text NOT NULL,
    at timestamptz NOT NULL,
    -- Which page was answered; never what was answered.
    detail text,
    PRIMARY KEY (application_id, revision),
    CONSTRAINT an_actor_is_known CHECK (actor IN ('citizen', 'rule', 'payments', 'worker'))
);
CREATE TRIGGER application_event_is_append_only BEFORE UPDATE OR DELETE ON application_event
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER application_event_is_never_emptied BEFORE TRUNCATE ON application_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A rating knows its service and its month, not its application nor its person. Its id is random, without time.
CREATE TABLE rating (
    id uuid PRIMARY KEY,
    service_id text NOT NULL,
    service_version bigint NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    month date NOT NULL,
    score bigint NOT NULL,
    comment text,
    CONSTRAINT a_score_is_from_one_to_five CHECK (score BETWEEN 1 AND 5),
    CONSTRAINT a_comment_has_at_most_a_thousand_letters CHECK (length(comment) <= 1000),
    CONSTRAINT a_month_is_written_as_its_first_day CHECK (extract(day FROM month) = 1)
);
CREATE INDEX rating_of_service ON rating (service_id, month);
CREATE TRIGGER rating_is_append_only BEFORE UPDATE OR DELETE ON rating
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The sums that pages read, kept in the same transaction as each rating.
CREATE TABLE rating_rollup (
    service_id text NOT NULL,
    month date NOT NULL,
    channel text NOT NULL,
    ratings bigint NOT NULL,
    points bigint NOT NULL,
    PRIMARY KEY (service_id, month, channel),
    CONSTRAINT points_fit_the_ratings CHECK (points BETWEEN ratings AND 5 * ratings)
);
