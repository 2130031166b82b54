"""The door's rules: settings, rendering, assets."""
