-- What the worker looks for every minute: the few applications that are approved and wait for their document.
CREATE INDEX application_without_document ON application (decided_at) WHERE state = 'approved';
