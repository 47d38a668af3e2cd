def before_feature(context, feature):
    raise RuntimeError("no database")
