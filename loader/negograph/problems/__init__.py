"""What is wrong with what somebody wrote, where, and what to do."""
