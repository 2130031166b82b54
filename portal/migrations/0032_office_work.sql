-- An appeal is decided by a second officer: upheld, the application is approved after all; or dismissed, for good.
ALTER TYPE application_state ADD VALUE IF NOT EXISTS 'dismissed' AFTER 'appealed';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'uphold' AFTER 'appeal';
ALTER TYPE application_step ADD VALUE IF NOT EXISTS 'dismiss' AFTER 'uphold';

-- These say the same as before, and know what becomes of an appeal. Compared as text: a new value cannot be used yet.
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT what_is_refused_says_why;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT what_is_refused_says_why CHECK (
    (state::text IN ('refused', 'appealed', 'dismissed')) = (refusal IS NOT NULL)
);
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT only_what_is_finished_is_rated;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT only_what_is_finished_is_rated CHECK (
    rated_at IS NULL OR state::text IN ('issued', 'refused', 'appealed', 'dismissed', 'approved')
);

-- Her messages and the office's answers, and the reasons of a decision on an appeal.
-- squawk-ignore ban-drop-constraint
ALTER TABLE application_message DROP CONSTRAINT a_message_is_of_a_known_kind;
ALTER TABLE application_message ADD CONSTRAINT a_message_is_of_a_known_kind CHECK (
    kind IN (
        'request', 'reply', 'note', 'hand_over', 'opinion_request', 'opinion', 'decision', 'appeal',
        'message', 'answer', 'appeal_decision'
    )
) NOT VALID;
-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (
    kind IN (
        'issued', 'refused', 'co_signature', 'lapsed', 'your_turn', 'case_answered', 'asked', 'expired',
        'office_answered', 'citizen_wrote', 'dismissed'
    )
) NOT VALID;

-- An office's queue, by the day on which each is due; appeals lie in it too.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX application_of_desk;
CREATE INDEX application_of_desk ON application (desk, due_on, id)
WHERE state IN ('submitted', 'in_review', 'awaiting_citizen', 'awaiting_opinion', 'appealed') AND desk IS NOT NULL;

-- Whose name begins so, without case and marks (services/applications/queue/store.py).
CREATE INDEX person_by_family_name ON person (
    replace(translate(lower(family_name), 'ËÇČĆŠŽĐëçčćšžđ', 'ecccszdecccszd'), 'dj', 'd') text_pattern_ops
);
CREATE INDEX person_by_given_name ON person (
    replace(translate(lower(given_name), 'ËÇČĆŠŽĐëçčćšžđ', 'ecccszdecccszd'), 'dj', 'd') text_pattern_ops
);

-- Several applications of one service approved together: one text, one list, one signature of the officer over both.
CREATE TABLE decision_batch (
    id uuid PRIMARY KEY,
    officer_id uuid NOT NULL REFERENCES person (id),
    service_id text NOT NULL,
    made_at timestamptz NOT NULL,
    -- The reasons, and the sheet that is signed: they stay as they are once it is.
    text text,
    sheet bytea,
    -- The signing under way, and what the browser comes back with, once. No secret of the officer's is ever here.
    signing jsonb,
    asked_hash bytea,
    signed bytea,
    signed_at timestamptz,
    CONSTRAINT an_answer_belongs_to_one_batch UNIQUE (asked_hash),
    CONSTRAINT a_batch_says_why CHECK (text IS NULL OR (trim(text) <> '' AND length(text) <= 4000)),
    CONSTRAINT what_is_signed_is_there CHECK (
        (signed_at IS NULL) = (signed IS NULL)
        AND (signed IS NULL OR (text IS NOT NULL AND sheet IS NOT NULL))
    )
);
CREATE INDEX decision_batch_to_complete ON decision_batch (made_at) WHERE signing ->> 'state' = 'given';

-- Each application as the officer saw it, and what became of it: approved, or the code of why it was left out.
CREATE TABLE decision_batch_case (
    batch_id uuid NOT NULL REFERENCES decision_batch (id),
    application_id uuid NOT NULL REFERENCES application (id),
    revision bigint NOT NULL,
    outcome text,
    PRIMARY KEY (batch_id, application_id)
);
CREATE INDEX decision_batch_case_of_application ON decision_batch_case (application_id);

CREATE FUNCTION refuse_change_of_what_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL
        AND (OLD.text, OLD.sheet, OLD.signed, OLD.signed_at) IS DISTINCT FROM
            (NEW.text, NEW.sheet, NEW.signed, NEW.signed_at)
    THEN
        RAISE EXCEPTION 'a batch stays as it was signed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_batch_stays_as_it_was_signed BEFORE UPDATE ON decision_batch
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_is_signed();
