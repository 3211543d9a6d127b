"""The sandbox's forge: real model files and pictures, made from a prompt and a seed.

Pure functions: the same inputs always give the same bytes. Nothing else of the product is imported here.
"""

from core.sandbox.forge.subject import Subject, describe
from core.sandbox.forge.workshop import animated, draft, fbx, forget, picture, rigged

__all__ = ["Subject", "animated", "describe", "draft", "fbx", "forget", "picture", "rigged"]
