"""The story from load to recommend: the only room that knows the order of the steps."""
