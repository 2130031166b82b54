-- The cadastre: parcels, and who owns which part. Values are in cents of a euro.
CREATE TABLE IF NOT EXISTS parcel (
    number text PRIMARY KEY,
    municipality text NOT NULL,
    settlement text NOT NULL,
    land_use text NOT NULL,
    area_m2 integer NOT NULL,
    building_m2 integer,
    acquired_on date NOT NULL,
    acquired_by text NOT NULL,
    mortgaged boolean NOT NULL,
    value_cents bigint NOT NULL,
    CONSTRAINT a_parcel_number_is_of_a_zone CHECK (number ~ '^P-7[0-9]{7}-[0-9]{5}-[0-9]+$'),
    CONSTRAINT a_parcel_has_a_known_use CHECK (land_use IN ('house', 'flat', 'field', 'business')),
    CONSTRAINT a_parcel_has_an_area CHECK (area_m2 > 0)
);

CREATE TABLE IF NOT EXISTS ownership (
    parcel text NOT NULL REFERENCES parcel (number),
    personal_number text NOT NULL,
    share_percent integer NOT NULL,
    PRIMARY KEY (parcel, personal_number),
    CONSTRAINT an_owner_has_a_share_of_a_hundred CHECK (share_percent BETWEEN 1 AND 100)
);
CREATE INDEX IF NOT EXISTS ownership_by_person ON ownership (personal_number);
