"""What the state does: services, applications, registers, documents, insight."""
