"""The pages of the workspace: thin, one file per screen."""
