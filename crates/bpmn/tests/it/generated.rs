//! A process made at random reads to the model that it was written from, and runs when it should.

use bpmn::model::{
    Condition, Element, ElementIx, EndEvent, Flow, FlowIx, Kind, Other, Process, ProcessTrigger, ROOT, Scope,
    ScopeIx, Script, StartEvent,
};
use proptest::prelude::*;

use crate::file::{codes, file, only, read};

/// What stands between the start and the end of a scope; each piece has one way in and one out.
#[derive(Clone, Debug)]
enum Piece {
    Task(String),
    User,
    Inner(Vec<Piece>),
    Choice(Vec<(String, Piece)>),
    Fork(Vec<Piece>),
}

fn text() -> impl Strategy<Value = String> {
    // what XML must escape, what it must not, and what has more than one byte; no white space at
    // the edges, which conditions do not keep
    prop::collection::vec(
        prop::sample::select(vec!["a", "<", "&", "\"", "'", ">", "é", "]", "𝄞", "1 2"]),
        1..8,
    )
    .prop_map(|parts| parts.concat())
}

fn piece() -> impl Strategy<Value = Piece> {
    let leaf = prop_oneof![4 => text().prop_map(Piece::Task), 1 => Just(Piece::User)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Piece::Inner),
            prop::collection::vec((text(), inner.clone()), 1..4).prop_map(Piece::Choice),
            prop::collection::vec(inner, 2..4).prop_map(Piece::Fork),
        ]
    })
}

/// Writes XML and model side by side.
struct Writer {
    process: Process,
    xml: String,
    has_user: bool,
}

impl Writer {
    fn new() -> Self {
        let scope = Scope { element: None, parent: None, starts: Vec::new(), elements: Vec::new() };
        let process = Process {
            id: "p".to_owned(),
            name: Some("<Möbel> & \"more\"".to_owned()),
            is_executable: Some(true),
            elements: Vec::new(),
            flows: Vec::new(),
            scopes: vec![scope],
        };
        Self { process, xml: String::new(), has_user: false }
    }

    fn next_id(&self) -> String {
        format!("n{}", self.process.elements.len())
    }

    fn element(&mut self, scope: ScopeIx, kind: Kind, tag: &str, inside: &str) -> ElementIx {
        let id = self.next_id();
        self.xml += &format!("<{tag} id=\"{id}\">{inside}");
        let at = ElementIx(u32::try_from(self.process.elements.len()).unwrap());
        let scope_entry = &mut self.process.scopes[scope.at()];
        scope_entry.elements.push(at);
        if matches!(kind, Kind::StartEvent(_)) {
            scope_entry.starts.push(at);
        }
        let (incoming, outgoing) = (Vec::new(), Vec::new());
        self.process.elements.push(Element { id, name: None, scope, kind, incoming, outgoing });
        at
    }

    fn leaf(&mut self, scope: ScopeIx, kind: Kind, tag: &str, inside: &str) -> ElementIx {
        let at = self.element(scope, kind, tag, inside);
        self.xml += &format!("</{tag}>");
        at
    }

    fn flow(&mut self, scope: ScopeIx, from: ElementIx, to: ElementIx, condition: Option<&str>) -> FlowIx {
        let at = FlowIx(u32::try_from(self.process.flows.len()).unwrap());
        let id = format!("f{}", at.0);
        let (source, target) = (&self.process.elements[from.at()].id, &self.process.elements[to.at()].id);
        let inside = condition.map_or(String::new(), |source| {
            format!("<conditionExpression language=\"javascript\"> {} </conditionExpression>", escape(source))
        });
        self.xml += &format!(
            "<sequenceFlow id=\"{id}\" sourceRef=\"{source}\" targetRef=\"{target}\">{inside}</sequenceFlow>"
        );
        self.process.elements[from.at()].outgoing.push(at);
        self.process.elements[to.at()].incoming.push(at);
        let condition = condition
            .map(|source| Condition { language: Some("javascript".to_owned()), source: source.to_owned() });
        let (source, target) = (Some(from), Some(to));
        self.process.flows.push(Flow { id, name: None, source, target, scope, condition });
        at
    }

    /// A piece; gives its first and last element.
    fn piece(&mut self, scope: ScopeIx, piece: &Piece) -> (ElementIx, ElementIx) {
        match piece {
            Piece::Task(source) => {
                let format = Some("javascript".to_owned());
                let kind = Kind::ScriptTask(Script { format, source: source.clone() });
                let id = self.next_id();
                let inside = format!("<script>{}</script>", escape(source));
                let at = self.element(scope, kind, "scriptTask", &inside);
                let head = format!("<scriptTask id=\"{id}\">");
                self.xml = self.xml.replace(&head, &head.replace('>', " scriptFormat=\"javascript\">"));
                self.xml += "</scriptTask>";
                (at, at)
            }
            Piece::User => {
                self.has_user = true;
                let kind = Kind::Other(Other { tag: "userTask".to_owned(), ..Other::default() });
                let at = self.leaf(scope, kind, "userTask", "<documentation>x</documentation>");
                (at, at)
            }
            Piece::Inner(pieces) => self.inner(scope, pieces),
            Piece::Choice(ways) => self.choice(scope, ways),
            Piece::Fork(ways) => {
                let fork = self.leaf(scope, Kind::ParallelGateway, "parallelGateway", "");
                let join = self.leaf(scope, Kind::ParallelGateway, "parallelGateway", "");
                for way in ways {
                    let (first, last) = self.piece(scope, way);
                    self.flow(scope, fork, first, None);
                    self.flow(scope, last, join, None);
                }
                (fork, join)
            }
        }
    }

    fn inner(&mut self, scope: ScopeIx, pieces: &[Piece]) -> (ElementIx, ElementIx) {
        let inside = ScopeIx(u32::try_from(self.process.scopes.len()).unwrap());
        let at = self.element(scope, Kind::SubProcess(inside), "subProcess", "");
        let (starts, elements) = (Vec::new(), Vec::new());
        self.process.scopes.push(Scope { element: Some(at), parent: Some(scope), starts, elements });
        let start = self.leaf(inside, Kind::StartEvent(StartEvent::None), "startEvent", "");
        self.row(inside, start, pieces);
        self.xml += "</subProcess>";
        (at, at)
    }

    fn choice(&mut self, scope: ScopeIx, ways: &[(String, Piece)]) -> (ElementIx, ElementIx) {
        let id = self.next_id();
        let split = self.leaf(scope, Kind::ExclusiveGateway { default: None }, "exclusiveGateway", "");
        let join = self.leaf(scope, Kind::ExclusiveGateway { default: None }, "exclusiveGateway", "");
        for (condition, way) in ways {
            let (first, last) = self.piece(scope, way);
            self.flow(scope, split, first, Some(condition));
            self.flow(scope, last, join, None);
        }
        let default = self.flow(scope, split, join, None);
        self.process.elements[split.at()].kind = Kind::ExclusiveGateway { default: Some(default) };
        let head = format!("<exclusiveGateway id=\"{id}\"");
        self.xml = self.xml.replace(&head, &format!("{head} default=\"f{}\"", default.0));
        (split, join)
    }

    /// Pieces in a row from a start event to an end event.
    fn row(&mut self, scope: ScopeIx, start: ElementIx, pieces: &[Piece]) {
        let mut last = start;
        for piece in pieces {
            let (first, next) = self.piece(scope, piece);
            self.flow(scope, last, first, None);
            last = next;
        }
        let end = if pieces.len().is_multiple_of(2) {
            self.leaf(scope, Kind::EndEvent(EndEvent::None), "endEvent", "")
        } else {
            self.leaf(scope, Kind::EndEvent(EndEvent::Terminate), "endEvent", "<terminateEventDefinition/>")
        };
        self.flow(scope, last, end, None);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn write(pieces: &[Piece]) -> (Process, String, bool) {
    let mut writer = Writer::new();
    let trigger = ProcessTrigger {
        trigger_type: "incomingWebhook".to_owned(),
        data_source: Some(crate::file::WEBHOOK.to_owned()),
    };
    let inside = format!(
        "<extensionElements><forebay:processTrigger triggerType=\"incomingWebhook\" dataSource=\"{}\"/>\
         </extensionElements><messageEventDefinition id=\"m\"/>",
        crate::file::WEBHOOK
    );
    let kind = Kind::StartEvent(StartEvent::Message(Some(trigger)));
    let start = writer.leaf(ROOT, kind, "startEvent", &inside);
    writer.row(ROOT, start, pieces);
    let body = format!(
        "<process xmlns=\"{}\" id=\"p\" name=\"{}\" isExecutable=\"true\">{}</process>",
        bpmn::BPMN_NAMESPACE,
        escape(writer.process.name.as_deref().unwrap()),
        writer.xml
    );
    (writer.process, file(&body), writer.has_user)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_generated_process_reads_to_its_model(pieces in prop::collection::vec(piece(), 0..6)) {
        let (expected, xml, has_user) = write(&pieces);
        let definitions = read(&xml);
        prop_assert_eq!(only(&definitions), &expected, "{}", xml);
        prop_assert!(definitions.unresolved.is_empty() && definitions.duplicate_ids.is_empty());
        let problems = codes(&xml);
        if has_user {
            prop_assert!(problems.iter().all(|problem| problem.starts_with("unsupported-element")), "{:?}", problems);
        } else {
            prop_assert!(problems.is_empty(), "{:?}\n{}", problems, xml);
        }
    }
}
