"""Creates a webhook, deploys a process and activates it; prints the webhook's URL. Needs Python 3.9, nothing else.

    FOREBAY_TOKEN=<a token> python3 docs/examples/deploy.py [http://127.0.0.1:8080]
"""
import json, os, pathlib, sys, urllib.request

BASE = (sys.argv[1:] or ["http://127.0.0.1:8080"])[0] + "/api/v1/"
BPMN = pathlib.Path(__file__).with_name("order.bpmn").read_text(encoding="utf-8")


def call(method, path, body=None):
    headers = {"Authorization": "Bearer " + os.environ["FOREBAY_TOKEN"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method)) as answer:
        return json.load(answer)


project = "projects/" + call("POST", "projects", {"name": f"Deployed by Python {os.getpid()}"})["id"]
main = project + "/branches/main"
webhook = call("POST", main + "/data-sources", {"name": "orders"})["resourceDefinitionId"]
bpmn = BPMN.replace("DATA_SOURCE_ID", webhook)
call("POST", main + "/process-definitions", {"name": "order-intake", "bpmn": bpmn})
call("POST", main + "/commits", {"message": "Orders start a process"})
trigger = f"{project}/triggers/{call('GET', project + '/triggers')['items'][0]['id']}"
call("POST", trigger + "/activate")
print(call("POST", trigger + "/reveal-url")["url"])
