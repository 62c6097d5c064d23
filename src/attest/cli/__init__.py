"""The command line: one place that starts, stops and sets up what the product needs to run."""
