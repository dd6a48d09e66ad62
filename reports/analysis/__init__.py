"""What a bureau asks of its months beyond their totals: who they are, where they go, who came home, and over the years."""
