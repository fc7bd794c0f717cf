value = some_function(argument_one, argument_two, argument_three, argument_four, argument_five argument_six)
