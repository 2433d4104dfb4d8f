#!/usr/bin/env bash
# From nothing to a started process in five steps, by curl alone.
#   FOREBAY_TOKEN=<a token> docs/five-steps.sh [http://127.0.0.1:8080]
# `forebay token` makes a token. Run it twice and it makes a second project.
set -euo pipefail
base=${1:-http://127.0.0.1:8080}
api=$base/api/v1
bpmn=$(dirname "$0")/examples/order.bpmn
: "${FOREBAY_TOKEN:?set FOREBAY_TOKEN; \`forebay token\` makes one}"

call() { # call METHOD PATH [curl arguments]: prints the body; ends the script with the server's words on a refusal
  local method=$1 path=$2
  shift 2
  local body
  body=$(curl --silent --show-error --fail-with-body --request "$method" "$api/$path" \
    --header "Authorization: Bearer $FOREBAY_TOKEN" "$@") || { echo "$body" >&2; exit 1; }
  printf '%s' "$body"
}
json() { call "$1" "$2" --header 'Content-Type: application/json' --data "$3"; }
# the first text of this name, or nothing
field() { { grep -o "\"$1\":\"[^\"]*\"" || true; } | head -n 1 | cut -d '"' -f 4; }

project=$(json POST projects "{\"name\":\"Five steps $(date +%s)-$$\"}" | field id)
branch=projects/$project/branches/main
echo "project            $project"

echo '1. create an Incoming Webhook data source'
source_id=$(json POST "$branch/data-sources" '{"name":"orders","description":"Orders of the shop"}' | field resourceDefinitionId)
echo "   data source     $source_id"

echo '2. connect it to the message start event of a process'
process=$(json POST "$branch/process-definitions" '{"name":"order-intake"}' | field resourceDefinitionId)
tag=$(call GET "$branch/process-definitions/$process/bpmn" --output /dev/null --dump-header - | tr -d '\r' | sed -n 's/^etag: //Ip')
sed "s/DATA_SOURCE_ID/$source_id/" "$bpmn" |
  call PUT "$branch/process-definitions/$process/bpmn" --header 'Content-Type: application/xml' --header "If-Match: $tag" --data-binary @- >/dev/null
echo "   process         $process"

echo '3. commit and activate'
json POST "$branch/commits" '{"message":"Orders start a process"}' >/dev/null
trigger=$(call GET "projects/$project/triggers" | field id)
call POST "projects/$project/triggers/$trigger/activate" >/dev/null
echo "   trigger         $trigger"

echo '4. get the webhook URL'
url=$(call POST "projects/$project/triggers/$trigger/reveal-url" | field url)
echo "   URL             ${url%%\?*}?flowxApiKey=…"

echo '5. the external system sends a POST request'
event=$(curl --silent --show-error --fail-with-body "$url" --header 'Content-Type: application/json' \
  --data '{"orderId":"ORD-12345","status":"completed","amount":299.99}' | field eventId)
echo "   event           $event"

for _ in $(seq 100); do
  instance=$(call GET "projects/$project/process-instances?eventId=$event" | field id)
  [ -n "$instance" ] && break
  sleep 0.1
done
echo "   instance        ${instance:?no process started}"
call GET "projects/$project/process-instances/$instance/variables/webhookData"
echo
