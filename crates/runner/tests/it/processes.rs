//! BPMN files of the tests.

use uuid::Uuid;

fn file(body: &str) -> Vec<u8> {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:forebay="http://forebay.dev/schema/bpmn/1.0" targetNamespace="http://forebay.dev/test">
  <bpmn:process id="P" isExecutable="true">{body}</bpmn:process>
</bpmn:definitions>"#
    )
    .into_bytes()
}

fn start(data_source: Uuid) -> String {
    format!(
        r#"<bpmn:startEvent id="start"><bpmn:extensionElements>
  <forebay:processTrigger triggerType="incomingWebhook" dataSource="{data_source}"/>
</bpmn:extensionElements><bpmn:messageEventDefinition/></bpmn:startEvent>"#
    )
}

/// Start, then end.
pub fn straight(data_source: Uuid) -> Vec<u8> {
    file(&format!(
        r#"{}<bpmn:endEvent id="end"/><bpmn:sequenceFlow id="f" sourceRef="start" targetRef="end"/>"#,
        start(data_source)
    ))
}

/// A condition on the amount, then a script on one way; two ends.
pub fn decision(data_source: Uuid) -> Vec<u8> {
    file(&format!(
        r#"{}
<bpmn:exclusiveGateway id="large" default="small"/>
<bpmn:scriptTask id="review" scriptFormat="javascript"><bpmn:script>output.review = {{ amount: webhookData.payload.amount, by: "desk" }};</bpmn:script></bpmn:scriptTask>
<bpmn:endEvent id="reviewed"/><bpmn:endEvent id="accepted"/>
<bpmn:sequenceFlow id="a" sourceRef="start" targetRef="large"/>
<bpmn:sequenceFlow id="big" sourceRef="large" targetRef="review"><bpmn:conditionExpression>webhookData.payload.amount &gt; 100</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="small" sourceRef="large" targetRef="accepted"/>
<bpmn:sequenceFlow id="b" sourceRef="review" targetRef="reviewed"/>"#,
        start(data_source)
    ))
}

/// One script.
pub fn script(data_source: Uuid, source: &str) -> Vec<u8> {
    file(&format!(
        r#"{}
<bpmn:scriptTask id="task"><bpmn:script><![CDATA[{source}]]></bpmn:script></bpmn:scriptTask>
<bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="a" sourceRef="start" targetRef="task"/>
<bpmn:sequenceFlow id="b" sourceRef="task" targetRef="end"/>"#,
        start(data_source)
    ))
}
