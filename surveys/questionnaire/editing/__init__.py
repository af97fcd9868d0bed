"""Changes to an authored document, for the editor: each gives a new document."""
