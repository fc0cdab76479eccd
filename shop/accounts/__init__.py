"""Users, roles, sign-in and the sessions that can be revoked."""
