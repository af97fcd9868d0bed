"""Systems of equations estimated one after the other, each step's uncertainty carried on."""
