"""Models of firms observed in several waves: long data, one row for each firm and wave."""
