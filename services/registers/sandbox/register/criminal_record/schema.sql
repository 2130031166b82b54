-- The criminal record. A conviction is deleted by law some years after the sentence; then it is told to nobody.
CREATE TABLE IF NOT EXISTS conviction (
    case_number text PRIMARY KEY,
    personal_number text NOT NULL,
    convicted_as text NOT NULL,
    court text NOT NULL,
    offence text NOT NULL,
    decided_on date NOT NULL,
    sentence text NOT NULL,
    months integer NOT NULL,
    deleted_on date,
    CONSTRAINT a_sentence_is_of_a_known_kind CHECK (sentence IN ('fine', 'suspended', 'imprisonment')),
    CONSTRAINT a_fine_has_no_months CHECK ((sentence = 'fine') = (months = 0))
);
CREATE INDEX IF NOT EXISTS conviction_by_person ON conviction (personal_number);
