"""From YAML to a checked model."""
