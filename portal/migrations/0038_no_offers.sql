-- Whoever wants nothing offered from what registers record is offered nothing.
ALTER TABLE offer_preference ADD COLUMN refuses boolean NOT NULL DEFAULT false;
ALTER TABLE offer_preference ADD CONSTRAINT who_is_offered_nothing_is_told_of_nothing
CHECK (NOT (refuses AND (by_email OR by_sms))) NOT VALID;
