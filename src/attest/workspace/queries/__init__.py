"""Reads for the pages of the workspace, always narrowed to what the member may see."""
