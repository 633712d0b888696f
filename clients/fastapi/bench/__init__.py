"""What a session check costs an API, in this client and in what one would use instead. `python -m bench` runs it."""
