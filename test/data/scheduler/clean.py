# Makes vectors.jsonl.gz small: what Go writes and nobody reads goes. python3 clean.py < vectors.jsonl | gzip -9n > vectors.jsonl.gz

import json
import sys


def clean(value):
    if isinstance(value, dict):
        kept = {k: clean(v) for k, v in value.items() if k not in ("daemonEndpoints", "nodeInfo", "loadBalancer")}
        empty = ("nodeAffinity", "podAffinity", "podAntiAffinity", "affinity", "resources")
        return {k: v for k, v in kept.items() if v is not None and not (v == {} and k in empty)}
    return [clean(v) for v in value] if isinstance(value, list) else value


for line in sys.stdin:
    print(json.dumps(clean(json.loads(line)), separators=(",", ":")))
