"""Letters about proposals: what an office prints, under which number, and the register of them."""
