"""Whether the record of who looked is whole: days are sealed, a person finds her reads in them, tampering is named."""
