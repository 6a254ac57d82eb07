"""The officials' desk: pages that read through the store and act through the core."""
