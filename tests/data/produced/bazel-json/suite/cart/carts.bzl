def carts(tests):
    for name, more in tests.items():
        native.sh_test(
            name = name,
            size = "small",
            srcs = [name + ".sh"],
            tags = ["local"],
            **more
        )
