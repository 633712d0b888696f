"""The client against real and misbehaving auth servers, over real sockets."""
