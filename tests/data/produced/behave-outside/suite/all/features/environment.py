def before_all(context):
    raise RuntimeError("no database")
