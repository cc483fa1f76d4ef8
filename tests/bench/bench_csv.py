def run(settings):
    return []
