"""A local Tripo: both versions of the provider's API on loopback, with play credits and real model files.

It imports nothing of core outside this package: it speaks the provider's documented JSON, so that a wrong
belief of the product cannot agree with itself.
"""
