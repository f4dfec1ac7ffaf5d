"""An invented State identity: a provider of OpenID Connect with invented people, a process of its own."""
