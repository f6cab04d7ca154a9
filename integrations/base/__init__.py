"""What all platform rooms share: records, capabilities, credentials, errors, HTTP, the adapter."""
