"""The functions on AWS under a test's own `mock_aws`, under the name where whoever tests against moto looks for them.

What stands behind it is in the room of the test kit, `feedproc.testing.aws`, since it needs the functions themselves.
Nothing of feedproc imports this door.
"""

from feedproc.testing.aws import MOCKED, AwsFunctions, FunctionAnswer, FunctionContext, make_http_event

__all__ = ["MOCKED", "AwsFunctions", "FunctionAnswer", "FunctionContext", "make_http_event"]
