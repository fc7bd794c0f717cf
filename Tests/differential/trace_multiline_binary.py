value = (
    1 +
    "a" +
    2
)
