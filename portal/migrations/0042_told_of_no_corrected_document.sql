-- Where no corrected document can be made, its office writes to its person; until then it waits there.
ALTER TABLE revocation_proposal ADD COLUMN told_at timestamptz;
-- squawk-ignore adding-foreign-key-constraint
ALTER TABLE revocation_proposal ADD COLUMN told_by uuid REFERENCES person (id);
ALTER TABLE revocation_proposal ADD CONSTRAINT a_person_is_told_of_what_failed
CHECK ((told_at IS NULL) = (told_by IS NULL) AND (told_at IS NULL OR failure IS NOT NULL)) NOT VALID;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX revocation_proposal_failed ON revocation_proposal (document_id)
WHERE failure IS NOT NULL AND told_at IS NULL;
