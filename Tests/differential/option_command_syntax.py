# command: -c "x ="
