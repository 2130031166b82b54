-- Identity documents.
CREATE TABLE IF NOT EXISTS identity_document (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    kind text NOT NULL,
    issued_on date NOT NULL,
    valid_until date NOT NULL,
    issued_in text NOT NULL,
    status text NOT NULL,
    CONSTRAINT a_document_is_a_card_or_a_passport CHECK (kind IN ('identity_card', 'passport')),
    CONSTRAINT a_document_ends_after_its_issue CHECK (valid_until > issued_on)
);
ALTER TABLE identity_document DROP CONSTRAINT IF EXISTS a_document_is_valid_or_lost,
DROP CONSTRAINT IF EXISTS a_document_is_valid_lost_or_being_made;
ALTER TABLE identity_document
ADD CONSTRAINT a_document_is_valid_lost_or_being_made CHECK (status IN ('valid', 'lost', 'being_made'));
CREATE INDEX IF NOT EXISTS identity_document_by_person ON identity_document (personal_number);
CREATE INDEX IF NOT EXISTS identity_document_by_end ON identity_document (valid_until);
