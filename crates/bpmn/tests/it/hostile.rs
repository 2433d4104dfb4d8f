//! Files that are made to hurt: each is refused or read within a second, and nothing crashes.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use bpmn::{MAX_BYTES, MAX_PROBLEMS, ReadError};

use crate::file::{Parser, file, process};

/// Reads and, where that works, checks; both together must take less than a second. The deadline
/// here is ten times that, for a machine with other work; the time itself is printed.
fn survive(what: &str, xml: &[u8]) -> Result<usize, ReadError> {
    let start = Instant::now();
    let outcome = bpmn::read(xml).map(|definitions| {
        for process in &definitions.processes {
            let _ = bpmn::links(process);
        }
        bpmn::check(&definitions, &Parser, &|_| false).len()
    });
    let took = start.elapsed();
    println_time(what, took);
    assert!(took < Duration::from_secs(10), "{what} took {took:?}");
    outcome
}

#[allow(clippy::print_stdout)]
fn println_time(what: &str, took: Duration) {
    println!("{what}: {took:?}");
}

/// As many copies of a piece as fit into a file of the largest size.
fn filled(head: &str, piece: impl Fn(usize) -> String, tail: &str) -> String {
    let mut xml = head.to_owned();
    for number in 0.. {
        let next = piece(number);
        if xml.len() + next.len() + tail.len() > MAX_BYTES {
            break;
        }
        xml += &next;
    }
    xml + tail
}

fn within_process(piece: impl Fn(usize) -> String) -> String {
    let (head, tail) = process("@").split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    filled(&head, piece, &tail)
}

fn assert_limit(what: &str, xml: &str) {
    let outcome = survive(what, xml.as_bytes());
    assert!(matches!(outcome, Err(ReadError::Limit { .. })), "{what}: {outcome:?}");
}

#[test]
fn entities_never_expand() {
    let external = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let xml = file("<bpmn:process id=\"&x;\"/>")
        .replace("<bpmn:definitions", &format!("{external}<bpmn:definitions"));
    assert!(matches!(
        survive("external entity", xml.as_bytes()),
        Err(ReadError::Doctype { line: 2, column: 1 })
    ));
    let mut laughs = "<!DOCTYPE d [<!ENTITY l0 \"ha\">".to_owned();
    for level in 1..12 {
        write!(laughs, "<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)).unwrap();
    }
    let xml = laughs + "]><d>&l11;</d>";
    assert!(matches!(survive("billion laughs", xml.as_bytes()), Err(ReadError::Doctype { .. })));
    let parameter = "<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/x.dtd\"><d/>";
    assert!(matches!(survive("external DTD", parameter.as_bytes()), Err(ReadError::Doctype { .. })));
    // without a declaration an entity is just an unknown name
    let undeclared = file("<bpmn:process id=\"&x;\"/>");
    assert!(matches!(survive("undeclared", undeclared.as_bytes()), Err(ReadError::NotXml { .. })));
}

#[test]
fn too_many_nodes() {
    assert_limit("1 M nodes", &("<a>".to_owned() + &"<b/>".repeat(1_000_000) + "</a>"));
    assert_limit("1 M comments", &filled("<a>", |_| "<!---->".to_owned(), "</a>"));
}

#[test]
fn too_deep() {
    let deep = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert_limit("depth 1 M, never closed", &"<a>".repeat(1_000_000));
    assert_limit("depth 590 k", &deep(590_000));
    assert_limit("depth 257", &deep(257));
    assert!(matches!(survive("depth 256", deep(256).as_bytes()), Err(ReadError::WrongRoot { .. })));
    let subprocesses = |depth: usize| {
        process(&("<bpmn:subProcess id=\"s\">".repeat(depth) + &"</bpmn:subProcess>".repeat(depth)))
    };
    assert!(survive("254 subprocesses", subprocesses(254).as_bytes()).unwrap() > 250);
    assert_limit("255 subprocesses", &subprocesses(255));
}

#[test]
fn too_many_attributes_and_namespaces() {
    let attributes = |count: usize| (0..count).fold(String::new(), |all, n| all + &format!(" a{n}=''"));
    assert_limit("100 k attributes", &format!("<a{}/>", attributes(100_000)));
    assert_limit("257 attributes", &format!("<a{}/>", attributes(257)));
    let wide = format!("<b{}/>", attributes(256));
    assert_limit("many of 256 attributes", &filled("<a>", |_| wide.clone(), "</a>"));
    let equal = survive("equal attributes", format!("<a{}/>", " a=''".repeat(256)).as_bytes());
    assert!(matches!(equal, Err(ReadError::NotXml { .. })), "{equal:?}");
    let namespaces = (0..100_000).fold(String::new(), |all, n| all + &format!(" xmlns:n{n}='u{n}'"));
    assert_limit("100 k namespaces", &format!("<a{namespaces}/>"));
    let many = filled("<a>", |n| format!("<b xmlns:n='u{n}'/>"), "</a>");
    assert_limit("a namespace on each element", &many);
    let nested: String = (0..255)
        .fold(String::new(), |all, n| all + &format!("<b xmlns:x{n}='u' xmlns:y{n}='u' xmlns:z{n}='u'>"));
    assert_limit("namespaces in scope", &nested);
    // the most that passes
    let in_scope = (0..250).fold(String::new(), |all, n| all + &format!(" xmlns:n{n}='u{n}'"));
    let worst = filled(
        &format!("<a{in_scope}>"),
        |n| {
            if n < 19_000 { format!("<b xmlns:n='u{n}'/>") } else { "<b n249:b='xxxxxxxx'/>".to_owned() }
        },
        "</a>",
    );
    let passed = survive("the most namespaces that pass", worst.as_bytes());
    assert!(matches!(passed, Err(ReadError::WrongRoot { .. })), "{passed:?}");
}

#[test]
fn references_in_circles_and_into_nothing() {
    let circle = within_process(|n| {
        format!(
            "<bpmn:task id='t{n}'/><bpmn:sequenceFlow id='f{n}' sourceRef='t{n}' targetRef='t{}'/>",
            (n + 1) % 30_000
        )
    });
    assert!(survive("a circle", circle.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let nowhere =
        within_process(|n| format!("<bpmn:sequenceFlow id='f{n}' sourceRef='x{n}' targetRef='y{n}'/>"));
    assert!(survive("flows into nothing", nowhere.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let star = within_process(|n| match n {
        0 => "<bpmn:exclusiveGateway id='g' default='f9'/>".to_owned(),
        n => format!("<bpmn:sequenceFlow id='f{n}' sourceRef='g' targetRef='g'/>"),
    });
    assert!(survive("a star", star.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let attached =
        within_process(|n| format!("<bpmn:boundaryEvent id='b{n}' attachedToRef='b{}'/>", n.max(1) - 1));
    assert!(survive("boundary events on each other", attached.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let events = within_process(|n| {
        format!(
            "<bpmn:endEvent id='e{n}'><bpmn:eventDefinitionRef>e{n}</bpmn:eventDefinitionRef></bpmn:endEvent>"
        )
    });
    assert!(survive("event definitions into nothing", events.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let starts = within_process(|n| {
        format!("<bpmn:startEvent id='s{n}'><bpmn:messageEventDefinition/></bpmn:startEvent>")
    });
    assert!(survive("start events", starts.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let gateways = within_process(|n| format!("<bpmn:exclusiveGateway id='g{n}' default='f'/>"));
    assert!(survive("defaults into nothing", gateways.as_bytes()) == Ok(MAX_PROBLEMS + 1));
}

#[test]
fn ids_twice_and_processes_without_number() {
    let twice = within_process(|n| format!("<bpmn:task id='t{}'/>", n / 2));
    assert!(survive("each id twice", twice.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let same = within_process(|_| "<bpmn:manualTask id='t'/>".to_owned());
    assert!(survive("one id for all", same.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let (head, tail) = file("@").split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let processes = filled(
        &head,
        |n| {
            format!(
                "<bpmn:process isExecutable='true'><bpmn:sequenceFlow id='f{n}' sourceRef='x'/></bpmn:process>"
            )
        },
        &tail,
    );
    assert!(survive("processes without id", processes.as_bytes()) == Ok(MAX_PROBLEMS + 1));
    let unmarked = filled(&head, |n| format!("<bpmn:process id='p{n}'/>"), &tail);
    assert_eq!(survive("unmarked processes", unmarked.as_bytes()), Ok(1));
}

#[test]
fn sizes() {
    let padded = |size: usize| {
        let xml = file("<bpmn:process id=\"p\"/>");
        xml.clone() + &" ".repeat(size - xml.len())
    };
    assert!(survive("4 MiB", padded(MAX_BYTES).as_bytes()).is_ok());
    let size = MAX_BYTES + 1;
    assert_eq!(survive("4 MiB + 1", padded(size).as_bytes()), Err(ReadError::TooLarge { size }));
    let long = file(&format!("<bpmn:process id=\"p\" name=\"{}\"/>", "x".repeat(4_000_000)));
    assert!(survive("a long name", long.as_bytes()).is_ok());
    let script = "&#38;".repeat(800_000);
    let task =
        process(&format!("<bpmn:scriptTask id=\"t\"><bpmn:script>{script}</bpmn:script></bpmn:scriptTask>"));
    assert!(survive("a long script", task.as_bytes()).is_ok());
    let pieces = within_process(|_| "<![CDATA[x]]>".to_owned());
    let _ = survive("a text of many pieces", pieces.as_bytes());
    let wrong_root = format!("<{}/>", "r".repeat(4_000_000));
    let error = survive("a long root", wrong_root.as_bytes()).unwrap_err();
    assert!(error.to_string().len() < 600, "{}", error.to_string().len());
    let prefix = format!("<{}:r/>", "p".repeat(4_000_000));
    let error = survive("a long prefix", prefix.as_bytes()).unwrap_err();
    assert!(error.to_string().len() < 600, "{}", error.to_string().len());
}

#[test]
fn not_xml_at_all() {
    assert_eq!(survive("nothing", b""), Err(ReadError::Empty));
    assert_eq!(survive("white space", b" \r\n\t"), Err(ReadError::Empty));
    assert_eq!(survive("a mark alone", b"\xEF\xBB\xBF"), Err(ReadError::Empty));
    for bytes in [
        &b"hello"[..],
        b"{\"a\":1}",
        b"<",
        b"<a",
        b"<a b='",
        b"<!--",
        b"<![CDATA[",
        b"<?",
        b"</a>",
        b"<a></b>",
    ] {
        let outcome = survive("not XML", bytes);
        assert!(matches!(outcome, Err(ReadError::NotXml { .. })), "{outcome:?}");
    }
    let zip = survive("a zip file", b"PK\x03\x04\x14\x00\xFF\xFE");
    assert!(matches!(zip, Err(ReadError::Encoding { .. })), "{zip:?}");
    for place in ["<bpmn:process id=\"a\0\"/>", "<bpmn:process id=\"a\">\0</bpmn:process>", "<!--\0-->"] {
        let outcome = survive("NUL", file(place).as_bytes());
        assert!(matches!(outcome, Err(ReadError::NotXml { line: 3, .. })), "{outcome:?}");
    }
    let zeros = survive("zeros", &vec![0; MAX_BYTES]);
    assert!(matches!(zeros, Err(ReadError::NotXml { .. })), "{zeros:?}");
    let html = "<!DOCTYPE html><html></html>";
    assert!(matches!(survive("HTML", html.as_bytes()), Err(ReadError::Doctype { .. })));
}
