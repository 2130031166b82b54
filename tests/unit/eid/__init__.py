"""The eID room: rules without any I/O."""
