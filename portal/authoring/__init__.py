"""`portal service …`: what helps people who write definitions of services."""
