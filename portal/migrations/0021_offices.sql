-- Which office works an application, by when it decides, and who has it.
ALTER TABLE application
ADD COLUMN desk text,
ADD COLUMN due_on date,
ADD COLUMN officer_id uuid;
ALTER TABLE application
ADD CONSTRAINT an_officer_is_known_to_the_portal FOREIGN KEY (officer_id) REFERENCES person (id) NOT VALID,
ADD CONSTRAINT what_an_office_works_has_a_day_for_the_decision CHECK ((desk IS NULL) = (due_on IS NULL)) NOT VALID,
ADD CONSTRAINT what_is_in_review_is_somebodys CHECK (
    state NOT IN ('in_review', 'awaiting_citizen', 'awaiting_opinion')
    OR (desk IS NOT NULL AND officer_id IS NOT NULL)
) NOT VALID,
ADD CONSTRAINT nobody_works_her_own_application CHECK (officer_id <> person_id) NOT VALID;

-- These say the same as before, and know the new states.
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT what_costs_is_decided_only_when_paid;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT what_costs_is_decided_only_when_paid CHECK (
    state NOT IN (
        'submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'approved', 'issued', 'expired'
    )
    OR fee_cents = 0 OR payment_id IS NOT NULL
);
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT what_is_refused_says_why;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT what_is_refused_says_why CHECK (
    (state IN ('refused', 'appealed')) = (refusal IS NOT NULL)
);
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT only_what_is_finished_is_rated;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT only_what_is_finished_is_rated CHECK (
    rated_at IS NULL OR state IN ('issued', 'refused', 'appealed')
);
-- squawk-ignore ban-drop-constraint
ALTER TABLE application_event DROP CONSTRAINT an_actor_is_known;
ALTER TABLE application_event ADD CONSTRAINT an_actor_is_known
CHECK (actor IN ('citizen', 'rule', 'payments', 'worker', 'officer')) NOT VALID;

-- An office's queue, by the day on which each is due.
CREATE INDEX application_of_desk ON application (desk, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion') AND desk IS NOT NULL;
-- What the worker looks for every minute.
CREATE INDEX application_in_office_by_due_day ON application (due_on)
WHERE state IN ('submitted', 'in_review', 'awaiting_opinion') AND desk IS NOT NULL;
CREATE INDEX application_awaiting_citizen ON application (updated_at) WHERE state = 'awaiting_citizen';

-- What is said about an application: between the office and its person, and within the office.
CREATE TABLE application_message (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES application (id),
    kind text NOT NULL,
    author_id uuid REFERENCES person (id),
    text text NOT NULL,
    -- Of a request: the questions to answer again.
    questions text [] NOT NULL DEFAULT '{}',
    -- Of an opinion: whether to approve.
    is_for boolean,
    at timestamptz NOT NULL,
    CONSTRAINT a_message_is_of_a_known_kind CHECK (
        kind IN ('request', 'reply', 'note', 'hand_over', 'opinion_request', 'opinion', 'decision', 'appeal')
    ),
    CONSTRAINT a_message_says_something CHECK (trim(text) <> '' AND length(text) <= 4000),
    CONSTRAINT only_an_opinion_is_for_or_against CHECK ((kind = 'opinion') = (is_for IS NOT NULL)),
    CONSTRAINT only_a_request_names_questions CHECK (questions = '{}' OR kind = 'request'),
    CONSTRAINT only_a_decision_has_no_author CHECK (author_id IS NOT NULL OR kind = 'decision')
);
CREATE INDEX application_message_in_order ON application_message (application_id, id);
CREATE TRIGGER application_message_is_append_only BEFORE UPDATE OR DELETE ON application_message
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER application_message_is_never_emptied BEFORE TRUNCATE ON application_message
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whoever opens a case says why; that holds for the day. Each reading of it stands in the record of who looked.
CREATE TABLE case_opening_event (
    application_id uuid NOT NULL REFERENCES application (id),
    officer_id uuid NOT NULL REFERENCES person (id),
    day date NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (application_id, officer_id, day),
    CONSTRAINT who_opens_a_case_says_why CHECK (trim(reason) <> '')
);
CREATE TRIGGER case_opening_event_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_opening_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A clerk prepares, an officer decides. An institution's office in a municipality works what comes from there.
ALTER TABLE office_member
ADD COLUMN role text NOT NULL DEFAULT 'officer',
ADD COLUMN municipality text;
ALTER TABLE office_member
ADD CONSTRAINT a_member_is_clerk_or_officer CHECK (role IN ('clerk', 'officer')) NOT VALID;

-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (
    kind IN ('issued', 'refused', 'co_signature', 'lapsed', 'your_turn', 'case_answered', 'asked', 'expired')
) NOT VALID;
