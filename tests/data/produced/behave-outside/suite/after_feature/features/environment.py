def after_feature(context, feature):
    raise RuntimeError("left open")
