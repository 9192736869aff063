"""Signing in through the identity provider of one's organization, by OpenID Connect."""
