"""What a portal holds, one room per noun."""
