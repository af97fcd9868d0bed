"""What two plans, or two runs, have in common: pure, on plans read and on what runs released."""
