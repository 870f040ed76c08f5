"""A server that answers like SGLang, for tests: `metier_sglang.fake.server.FakeServer`.

It speaks real HTTP on a free port of this machine, and its answers have the fields of SGLang 0.5.23; what it says is
scripted. `/server_info` gives its version as "fake".
"""
