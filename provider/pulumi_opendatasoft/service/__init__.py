"""The engine's calls as steps of a lifecycle, whatever the plugin is."""
