-- Services that a person marked to find them again. It tells what she is interested in: nobody else reads it.
CREATE TABLE favourite (
    person_id uuid NOT NULL REFERENCES person (id),
    service text NOT NULL,
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, service)
);
