"""What training learns, and no applicant brings."""

# 1: payment difficulties, as the lender defined them; 0: none.
TARGET = "TARGET"
