"""The resource type `Dataset`: its declaration, its handler, and a module for each kind of section."""
