"""What tests stand on: real databases, servers, browsers and a clock that obeys."""
