"""What people ask of the state: applications, from the first answer to the issued document."""
