"""Documents taken back: proposed by one officer, confirmed by another, told to anyone who verifies, and reissued."""
