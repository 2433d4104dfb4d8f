//! The difference of two versions, by element.

use bpmn::{ElementChange, ElementDifference, diff, relink};

use crate::file::{OTHER_WEBHOOK, WEBHOOK, chain, conditional, flow, node, process, script, webhook_start};

fn compare(old: &str, new: &str) -> Vec<ElementDifference> {
    diff(Some(old.as_bytes()), Some(new.as_bytes())).unwrap()
}

/// The one property that differs, of the one element that differs.
#[track_caller]
fn only(old: &str, new: &str) -> (String, String, Option<String>, Option<String>) {
    let mut found = compare(old, new);
    assert_eq!(found.len(), 1, "{found:#?}");
    let mut element = found.remove(0);
    assert_eq!(element.properties.len(), 1, "{element:#?}");
    let property = element.properties.remove(0);
    assert_eq!(property.diagram, element.change == ElementChange::Moved);
    (element.id.unwrap_or_default(), property.property, property.old, property.new)
}

fn sample() -> String {
    let shapes = "<di:BPMNDiagram xmlns:di=\"http://www.omg.org/spec/BPMN/20100524/DI\" \
         xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" id=\"d\"><di:BPMNPlane id=\"plane\" bpmnElement=\"orders\">\
         <di:BPMNShape id=\"s1\" bpmnElement=\"sum\"><dc:Bounds x=\"100\" y=\"80\" width=\"36\" height=\"36\"/></di:BPMNShape>\
         <di:BPMNEdge id=\"e1\" bpmnElement=\"gate-big\"><dc:waypoint x=\"1\" y=\"2\"/></di:BPMNEdge>\
         </di:BPMNPlane></di:BPMNDiagram>";
    process(&format!(
        "{}{}{}{}{}{}{}{}{}",
        webhook_start("start", WEBHOOK),
        script("sum", "output.sum = 1;"),
        "<bpmn:exclusiveGateway id=\"gate\" name=\"Big?\" default=\"gate-small\"><bpmn:documentation>Why</bpmn:documentation></bpmn:exclusiveGateway>",
        node("endEvent", "big"),
        node("endEvent", "small"),
        chain(&["start", "sum", "gate"]),
        conditional("gate", "big", "amount > 100"),
        conditional("gate", "huge", "amount > 1000") + &node("endEvent", "huge"),
        flow("gate", "small"),
    ))
    .replace("</bpmn:definitions>", &format!("{shapes}</bpmn:definitions>"))
}

#[test]
fn the_same_file_differs_in_nothing() {
    assert_eq!(compare(&sample(), &sample()), []);
    let other = sample()
        .replace("bpmn:", "b:")
        .replace("xmlns:bpmn=", "xmlns:b=")
        .replace("forebay:", "f:")
        .replace("xmlns:forebay=", "xmlns:f=")
        .replace("><b:", ">\n  <!-- a comment -->\n  <b:")
        .replace("x=\"100\"", "x=\"100.0\"");
    assert_eq!(compare(&sample(), &other), [], "prefixes, white space and comments say nothing");
}

#[test]
fn each_planted_edit_is_named_exactly() {
    for (from, to, element, property, old, new) in [
        ("name=\"Big?\"", "name=\"Huge?\"", "gate", "name", "Big?", "Huge?"),
        ("amount > 100]", "amount > 99]", "gate-big", "condition", "amount > 100", "amount > 99"),
        ("output.sum = 1;", "output.sum = 2;", "sum", "script", "output.sum = 1;", "output.sum = 2;"),
        (WEBHOOK, OTHER_WEBHOOK, "start", "trigger.dataSource", WEBHOOK, OTHER_WEBHOOK),
        ("<bpmn:documentation>Why<", "<bpmn:documentation>So<", "gate", "documentation", "Why", "So"),
        ("scriptFormat=\"javascript\"", "scriptFormat=\"x\"", "sum", "scriptFormat", "javascript", "x"),
        ("targetRef=\"sum\"", "targetRef=\"big\"", "start-sum", "targetRef", "sum", "big"),
        ("default=\"gate-small\"", "default=\"gate-big\"", "gate", "default", "gate-small", "gate-big"),
        ("name=\"Orders\"", "name=\"Returns\"", "orders", "name", "Orders", "Returns"),
        ("endEvent id=\"big\"", "task id=\"big\"", "big", "type", "endEvent", "task"),
        ("x=\"100\"", "x=\"120\"", "sum", "bounds", "100,80 36×36", "120,80 36×36"),
        ("waypoint x=\"1\"", "waypoint x=\"7\"", "gate-big", "waypoints", "1,2", "7,2"),
    ] {
        assert!(sample().contains(from), "{from}");
        let found = only(&sample(), &sample().replacen(from, to, 1));
        let expected = (element.to_owned(), property.to_owned(), Some(old.to_owned()), Some(new.to_owned()));
        assert_eq!(found, expected);
    }
}

#[test]
fn added_and_removed_elements_say_what_they_were() {
    let larger =
        sample().replace("</bpmn:process>", "<bpmn:userTask id=\"new\" name=\"Ask\"/></bpmn:process>");
    let added = compare(&sample(), &larger);
    assert_eq!(added.len(), 1, "{added:#?}");
    assert_eq!((added[0].change, added[0].tag.as_str()), (ElementChange::Added, "userTask"));
    assert_eq!((added[0].id.as_deref(), added[0].name.as_deref()), (Some("new"), Some("Ask")));
    let removed = compare(&larger, &sample());
    assert_eq!(removed[0].change, ElementChange::Removed);
    assert!(removed[0].properties.iter().any(|p| p.property == "name" && p.old.as_deref() == Some("Ask")));
    let all = diff(None, Some(sample().as_bytes())).unwrap();
    assert!(all.iter().all(|element| element.change == ElementChange::Added) && all.len() > 10);
    assert_eq!(diff(Some(sample().as_bytes()), None).unwrap().len(), all.len());
    assert_eq!(diff(None, None).unwrap(), []);
    assert!(diff(None, Some(b"<a/>")).is_err());
}

#[test]
fn the_order_of_conditions_counts_and_the_order_of_elements_does_not() {
    let first = conditional("gate", "big", "amount > 100");
    let second = conditional("gate", "huge", "amount > 1000");
    let swapped = sample().replace(&first, "@").replace(&second, &first).replace('@', &second);
    let found = only(&sample(), &swapped);
    assert_eq!((found.0.as_str(), found.1.as_str()), ("gate", "flow order"));
    assert_eq!(found.3.as_deref(), Some("gate-huge gate-big"));
    let (big, small) = (node("endEvent", "big"), node("endEvent", "small"));
    let swapped = sample().replace(&big, "@").replace(&small, &big).replace('@', &small);
    assert_eq!(compare(&sample(), &swapped), []);
}

#[test]
fn an_element_put_into_a_subprocess_says_so() {
    let flat = process(&(node("subProcess", "sub") + &node("task", "t")))
        .replace("<bpmn:subProcess id=\"sub\"/>", "<bpmn:subProcess id=\"sub\"></bpmn:subProcess>");
    let task = node("task", "t");
    let nested = flat.replace(&task, "").replace("</bpmn:subProcess>", &format!("{task}</bpmn:subProcess>"));
    let found = only(&flat, &nested);
    assert_eq!(
        found,
        ("t".to_owned(), "parent".to_owned(), Some("orders".to_owned()), Some("sub".to_owned()))
    );
}

#[test]
fn other_webhooks_are_put_in_and_every_other_byte_stays() {
    let new = |id: &str| (id == WEBHOOK).then(|| OTHER_WEBHOOK.to_owned());
    let expected = sample().replace(WEBHOOK, OTHER_WEBHOOK);
    assert_eq!(relink(sample().as_bytes(), new).unwrap(), expected.as_bytes());
    assert_eq!(relink(sample().as_bytes(), |_| None).unwrap(), sample().as_bytes());
    assert_eq!(relink(expected.as_bytes(), new).unwrap(), expected.as_bytes());
    // single quotes, white space around the id, characters of more bytes before it, a byte order mark
    let odd = sample()
        .replace(&format!("\"{WEBHOOK}\""), &format!("' {WEBHOOK}\n'"))
        .replace("name=\"Orders\"", "name=\"Öl 𝄞\"");
    let marked = format!("\u{feff}{odd}");
    let expected = marked.replace(&format!("' {WEBHOOK}\n'"), &format!("'{OTHER_WEBHOOK}'"));
    assert_eq!(relink(marked.as_bytes(), new).unwrap(), expected.as_bytes());
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
    for bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        assert_eq!(relink(&utf16(&marked, bytes), new).unwrap(), utf16(&expected, bytes));
        let (bare, expected) = (odd.as_str(), expected.trim_start_matches('\u{feff}'));
        assert_eq!(relink(&utf16(bare, bytes), new).unwrap(), utf16(expected, bytes));
    }
    let latin = |text: &str| -> Vec<u8> {
        text.replace("UTF-8", "ISO-8859-1")
            .replace('𝄞', "")
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect()
    };
    assert_eq!(relink(&latin(&odd), new).unwrap(), latin(expected.trim_start_matches('\u{feff}')));
    // what would break out of the attribute is not put in
    let hostile = |_: &str| Some("\"/><x y=\"".to_owned());
    assert_eq!(relink(sample().as_bytes(), hostile).unwrap(), sample().as_bytes());
    assert!(relink(b"<a/>", new).is_err());
}
