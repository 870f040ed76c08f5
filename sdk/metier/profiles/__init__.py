"""Profiles: models that were trained on a protocol of their own, behind the interface of any other model."""
