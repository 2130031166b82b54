"""What reaches a person, or a client, without her browser: a question on her phone, the word that she signed out."""
