"""The last line of a file is a lone continuation."""
x = 1
\