# command: -c "import sys; print(sys.argv, __name__)" a b
