"""What the tests of access, headers, masking and bad input share: one small world, and every address of the product."""
