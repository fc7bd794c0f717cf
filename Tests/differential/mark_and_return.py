return "ä"
