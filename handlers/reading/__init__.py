"""What people wrote, turned into typed values."""
