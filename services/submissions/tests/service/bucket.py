"""A bucket on loopback that checks signatures (AWS Signature Version 4), by moto.

Says on its first line where it is and who may use it; then answers each line:
`bytes` with all that lies in it, in base64, `plant PREFIX COUNT` when so many
objects lie below. Ends with its input.
"""

import base64
import json
import logging
import os
import sys
from urllib.parse import parse_qsl, quote, urlencode

for name in list(os.environ):
    if name.lower().endswith("_proxy") or name.startswith("AWS_"):
        del os.environ[name]

import boto3  # noqa: E402
from moto import settings  # noqa: E402
from moto.core import DEFAULT_ACCOUNT_ID  # noqa: E402
from moto.iam.access_control import IAMRequestBase  # noqa: E402
from moto.s3.models import s3_backends  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

check = IAMRequestBase.__init__


def with_its_query(self, **request):
    """Moto checks a query of which it has decoded some: boto3's own signature of a prefix with a slash is refused."""
    path, _, query = request["path"].partition("?")
    query = urlencode(parse_qsl(query, keep_blank_values=True), quote_via=quote, safe="")
    check(self, **request | {"path": f"{path}?{query}" if query else path})


IAMRequestBase.__init__ = with_its_query

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
_, port = server.get_host_and_port()


def client(service):
    return boto3.client(
        service,
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nobody",
    )


client("s3").create_bucket(Bucket="files")
iam = client("iam")
iam.create_user(UserName="plaudit")
rights = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
iam.put_user_policy(UserName="plaudit", PolicyName="files", PolicyDocument=json.dumps(rights))
key = iam.create_access_key(UserName="plaudit")["AccessKey"]
# From now on nobody is believed without a signature.
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0

bucket = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets["files"]
said = {"port": port, "key_id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}
print(json.dumps(said), flush=True)
for line in sys.stdin:
    match line.split():
        case ["bytes"]:
            print(base64.b64encode(b"".join(o.value for o in bucket.keys.values())).decode(), flush=True)
        case ["plant", prefix, count]:
            backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
            for number in range(int(count)):
                backend.put_object("files", f"{prefix}/{number}", b"bees")
            print("planted", flush=True)
