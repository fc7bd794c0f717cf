raise SystemExit("message on stderr")
