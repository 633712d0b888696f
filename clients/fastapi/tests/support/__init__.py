"""Support for the tests: real services, visitors, served APIs, and misbehaving auth servers."""
