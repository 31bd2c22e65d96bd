"""Turn-taking: is somebody speaking, has he finished, does he interrupt; whose voice is it at all?"""
