-- What people ask about their data: why somebody looked, or that a register is wrong; and the notice of the answer.
CREATE TABLE data_case (
    id uuid PRIMARY KEY,
    reference text NOT NULL,
    kind text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    -- Who answers: for a look the data protection officer there, for a wrong entry the register's owner.
    institution text NOT NULL,
    -- Of the record of reads by its id alone: that record refers to nothing and is referred to by nothing.
    read_id uuid,
    register text NOT NULL,
    fact text NOT NULL,
    text text NOT NULL,
    asked_at timestamptz NOT NULL,
    answer_by date NOT NULL,
    answer text,
    outcome text,
    answered_at timestamptz,
    CONSTRAINT a_case_has_a_reference_of_its_own UNIQUE (reference),
    CONSTRAINT a_case_is_of_a_known_kind CHECK (kind IN ('access', 'correction')),
    CONSTRAINT only_a_question_names_a_look CHECK ((kind = 'access') = (read_id IS NOT NULL)),
    CONSTRAINT a_case_says_something CHECK (trim(text) <> '' AND length(text) <= 2000),
    CONSTRAINT an_answer_has_an_outcome_and_a_time CHECK (
        (answer IS NULL) = (answered_at IS NULL) AND (outcome IS NULL) = (answered_at IS NULL)
    ),
    CONSTRAINT an_outcome_belongs_to_its_kind CHECK (
        outcome IS NULL
        OR (kind = 'access' AND outcome IN ('justified', 'unjustified'))
        OR (kind = 'correction' AND outcome IN ('corrected', 'kept'))
    )
);
CREATE INDEX data_case_of_person ON data_case (person_id, id DESC);
CREATE INDEX data_case_by_due_day ON data_case (answer_by, id) WHERE answered_at IS NULL;
CREATE UNIQUE INDEX a_look_is_questioned_once ON data_case (person_id, read_id) WHERE kind = 'access';
CREATE UNIQUE INDEX an_entry_is_called_wrong_once_until_answered ON data_case (person_id, register, fact)
WHERE kind = 'correction' AND answered_at IS NULL;

-- A question and its answer stay as they were written.
CREATE FUNCTION refuse_another_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL
        OR (OLD.id, OLD.reference, OLD.kind, OLD.person_id, OLD.institution, OLD.register, OLD.fact, OLD.text,
            OLD.asked_at, OLD.answer_by)
        IS DISTINCT FROM (NEW.id, NEW.reference, NEW.kind, NEW.person_id, NEW.institution, NEW.register, NEW.fact,
            NEW.text, NEW.asked_at, NEW.answer_by)
    THEN
        RAISE EXCEPTION 'a case is answered once and changed never' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_case_is_answered_once BEFORE UPDATE ON data_case
FOR EACH ROW EXECUTE FUNCTION refuse_another_answer();
CREATE TRIGGER a_case_is_never_deleted BEFORE DELETE ON data_case
FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A notice is about an application or about a case.
ALTER TABLE notice ADD COLUMN case_id uuid;
-- squawk-ignore ban-drop-not-null
ALTER TABLE notice ALTER COLUMN application_id DROP NOT NULL;
-- squawk-ignore ban-drop-constraint
ALTER TABLE notice DROP CONSTRAINT a_notice_is_of_a_known_kind;
ALTER TABLE notice
ADD CONSTRAINT a_notice_is_of_a_known_kind
CHECK (kind IN ('issued', 'refused', 'co_signature', 'lapsed', 'case_answered')) NOT VALID,
ADD CONSTRAINT a_notice_is_about_an_application_or_a_case
CHECK ((application_id IS NULL) <> (case_id IS NULL)) NOT VALID,
ADD CONSTRAINT a_notice_about_a_case_names_one_of_ours FOREIGN KEY (case_id) REFERENCES data_case (id) NOT VALID;
CREATE UNIQUE INDEX a_case_gives_one_notice_of_a_kind ON notice (case_id, kind) WHERE case_id IS NOT NULL;
