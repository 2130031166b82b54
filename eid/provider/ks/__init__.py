"""Kosovo's dialect: the eID as a second issuer, whose addresses and metadata are VIDconnect's."""
