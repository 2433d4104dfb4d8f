//! Text of `.bpmn` files for the tests.

use bpmn::model::{Definitions, Element, Process};
use bpmn::{Problem, Severity, SyntaxCheck, SyntaxError};

pub(crate) const WEBHOOK: &str = "3f0c1f6e-0a5b-4d63-9d5e-2f6a8f0c9b11";
pub(crate) const OTHER_WEBHOOK: &str = "9a4f1f6e-0a5b-4d63-9d5e-2f6a8f0c9b22";

/// A whole file around what stands in `<definitions>`.
pub(crate) fn file(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <bpmn:definitions xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:forebay=\"http://forebay.dev/schema/bpmn/1.0\" id=\"file\" \
         targetNamespace=\"http://example.com/orders\">\n{inside}\n</bpmn:definitions>\n"
    )
}

/// A file of one process, `orders`.
pub(crate) fn process(inside: &str) -> String {
    file(&format!(
        "<bpmn:process id=\"orders\" name=\"Orders\" isExecutable=\"true\">{inside}</bpmn:process>"
    ))
}

/// A message start event with a webhook.
pub(crate) fn webhook_start(id: &str, data_source: &str) -> String {
    format!(
        "<bpmn:startEvent id=\"{id}\"><bpmn:extensionElements><forebay:processTrigger \
         triggerType=\"incomingWebhook\" dataSource=\"{data_source}\"/></bpmn:extensionElements>\
         <bpmn:messageEventDefinition/></bpmn:startEvent>"
    )
}

/// Any element without children.
pub(crate) fn node(tag: &str, id: &str) -> String {
    format!("<bpmn:{tag} id=\"{id}\"/>")
}

/// A script task.
pub(crate) fn script(id: &str, source: &str) -> String {
    format!(
        "<bpmn:scriptTask id=\"{id}\" scriptFormat=\"javascript\"><bpmn:script><![CDATA[{source}]]>\
         </bpmn:script></bpmn:scriptTask>"
    )
}

/// A sequence flow `from-to`.
pub(crate) fn flow(from: &str, to: &str) -> String {
    format!("<bpmn:sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
}

/// A sequence flow `from-to` with a condition.
pub(crate) fn conditional(from: &str, to: &str, condition: &str) -> String {
    format!(
        "<bpmn:sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\">\
         <bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\"><![CDATA[{condition}]]>\
         </bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
}

/// Flows along a row of elements.
pub(crate) fn chain(ids: &[&str]) -> String {
    ids.windows(2).map(|pair| flow(pair[0], pair[1])).collect()
}

pub(crate) fn read(xml: &str) -> Definitions {
    bpmn::read(xml.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{xml}"))
}

pub(crate) fn only(definitions: &Definitions) -> &Process {
    bpmn::executable(definitions).unwrap()
}

pub(crate) fn element<'p>(process: &'p Process, id: &str) -> &'p Element {
    process.elements.iter().find(|element| element.id == id).unwrap()
}

/// Stands for the JavaScript parser, which is in a crate above: refuses what holds `<bad>`, and
/// tells the line.
pub(crate) struct Parser;

impl SyntaxCheck for Parser {
    fn expression(&self, source: &str) -> Result<(), SyntaxError> {
        match source.lines().position(|line| line.contains("<bad>")) {
            None => Ok(()),
            Some(line) => Err(SyntaxError {
                message: "unexpected token".to_owned(),
                line: Some(u32::try_from(line).unwrap() + 1),
                column: Some(7),
            }),
        }
    }

    fn script(&self, source: &str) -> Result<(), SyntaxError> {
        self.expression(source)
    }
}

/// All problems, with `WEBHOOK` and `OTHER_WEBHOOK` as the data sources that there are.
pub(crate) fn problems(xml: &str) -> Vec<Problem> {
    let known = |id: &str| id == WEBHOOK || id == OTHER_WEBHOOK;
    bpmn::check(&read(xml), &Parser, &known)
}

/// The problems as sorted `code id` pairs, warnings with a `?`.
pub(crate) fn codes(xml: &str) -> Vec<String> {
    let mut codes: Vec<String> = problems(xml)
        .into_iter()
        .map(|problem| {
            let mark = if problem.severity == Severity::Warning { "?" } else { "" };
            format!("{}{mark} {}", problem.code, problem.element_id.as_deref().unwrap_or("-"))
        })
        .collect();
    codes.sort();
    codes
}
