"""The rules of documents, without files or network."""
