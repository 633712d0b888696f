"""What the tests stand on: the real services, visitors, served APIs, auth servers that misbehave."""
