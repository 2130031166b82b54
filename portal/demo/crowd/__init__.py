"""A crowd of invented people with applications in every state: what the demo would hold after years of use."""
