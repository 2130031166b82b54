-- Vehicles and driving licences.
CREATE TABLE IF NOT EXISTS vehicle (
    plate text PRIMARY KEY,
    vin text NOT NULL,
    owner text NOT NULL,
    make text NOT NULL,
    model text NOT NULL,
    year integer NOT NULL,
    fuel text NOT NULL,
    engine_cc integer NOT NULL,
    first_registered date NOT NULL,
    registration_valid_until date NOT NULL,
    inspection_valid_until date NOT NULL,
    insurance_valid_until date NOT NULL,
    CONSTRAINT a_chassis_has_one_plate UNIQUE (vin),
    CONSTRAINT a_plate_is_of_a_region CHECK (plate ~ '^0[1-7]-[1-9][0-9]{2}-[A-Q]{2}$'),
    CONSTRAINT a_chassis_number_has_17_characters CHECK (length(vin) = 17)
);
ALTER TABLE vehicle ADD COLUMN IF NOT EXISTS deregistered_on date;
CREATE INDEX IF NOT EXISTS vehicle_by_owner ON vehicle (owner);
CREATE INDEX IF NOT EXISTS vehicle_by_inspection ON vehicle (inspection_valid_until);

CREATE TABLE IF NOT EXISTS driving_licence (
    number text PRIMARY KEY,
    personal_number text NOT NULL,
    categories text[] NOT NULL,
    issued_on date NOT NULL,
    valid_until date NOT NULL,
    issued_in text NOT NULL,
    penalty_points integer NOT NULL,
    CONSTRAINT a_person_has_one_licence UNIQUE (personal_number),
    CONSTRAINT a_licence_ends_after_its_issue CHECK (valid_until > issued_on)
);
