"""The State's identity providers: all of them by OpenID Connect, one configuration each."""
