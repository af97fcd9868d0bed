"""What the importers of other programs share: names, texts, languages and routing."""
