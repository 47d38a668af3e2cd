import os


def exit_now():
    os._exit(3)
