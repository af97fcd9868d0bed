"""What a study could show before it is done."""
