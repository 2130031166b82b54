-- What is sent while a register is silent costs what the registers say later. It says the same, and knows the new state.
-- squawk-ignore ban-drop-constraint
ALTER TABLE application DROP CONSTRAINT what_left_draft_was_submitted_with_its_fee_known;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE application ADD CONSTRAINT what_left_draft_was_submitted_with_its_fee_known CHECK (
    state IN ('draft', 'withdrawn')
    OR (state = 'awaiting_facts' AND submitted_at IS NOT NULL)
    OR (fee_cents IS NOT NULL AND (submitted_at IS NOT NULL OR state = 'awaiting_signature'))
);
-- What the worker looks for every minute.
CREATE INDEX application_awaiting_facts ON application (submitted_at) WHERE state = 'awaiting_facts';

-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (kind IN ('issued', 'refused', 'co_signature', 'lapsed', 'your_turn', 'case_answered')) NOT VALID;

-- A parent may say that a register is wrong about her child: whom it is about, null for the person herself.
ALTER TABLE data_case ADD COLUMN about text;
ALTER TABLE data_case
ADD CONSTRAINT whom_a_case_is_about_has_ten_digits CHECK (about ~ '^[0-9]{10}$') NOT VALID;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX an_entry_is_called_wrong_once_until_answered;
CREATE UNIQUE INDEX an_entry_is_called_wrong_once_until_answered
ON data_case (person_id, register, fact, coalesce(about, ''))
WHERE kind = 'correction' AND answered_at IS NULL;

CREATE OR REPLACE FUNCTION refuse_another_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL
        OR (OLD.id, OLD.reference, OLD.kind, OLD.person_id, OLD.institution, OLD.register, OLD.fact, OLD.about,
            OLD.text, OLD.asked_at, OLD.answer_by)
        IS DISTINCT FROM (NEW.id, NEW.reference, NEW.kind, NEW.person_id, NEW.institution, NEW.register, NEW.fact,
            NEW.about, NEW.text, NEW.asked_at, NEW.answer_by)
    THEN
        RAISE EXCEPTION 'a case is answered once and changed never' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
