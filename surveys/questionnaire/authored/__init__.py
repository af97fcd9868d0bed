"""Reading the parts of an authored document into the frozen values of the language."""
