"""The signing service as clients and people meet it: the API of the Cloud Signature Consortium, and the page."""
