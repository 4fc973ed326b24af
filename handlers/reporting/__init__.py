"""Reports in the making: from what a liaison says to a submission, and back to what is missing."""
