"""Every resource type, property by property, on the provider's real server, the engine stub and an emulated portal."""
