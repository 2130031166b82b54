"""The signing service: citizens' keys sign here what their owners have allowed, and nothing else."""
