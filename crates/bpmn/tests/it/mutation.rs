//! Bytes of any kind, and real files with damage: never a panic, and problems always name a place.

use std::sync::OnceLock;

use proptest::prelude::*;

use crate::file::{Parser, WEBHOOK, chain, conditional, node, process, script, webhook_start};
use crate::miwg;

/// Reads, and does with the model all that can be done; whatever comes of it, it must come.
fn exercise(bytes: &[u8]) {
    match bpmn::read(bytes) {
        Ok(definitions) => {
            for process in &definitions.processes {
                let _ = bpmn::links(process);
            }
            let problems = bpmn::check(&definitions, &Parser, &|_| true);
            let runs = bpmn::executable(&definitions).is_ok();
            assert!(runs || !problems.is_empty());
            assert!(problems.iter().all(|problem| !problem.message.is_empty()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Real files, the smaller ones, and one of ours.
fn samples() -> &'static [Vec<u8>] {
    static SAMPLES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let files = miwg::files().unwrap_or_default();
        let small = files.into_iter().map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 40_000);
        let ours = process(
            &[
                webhook_start("start", WEBHOOK),
                node("exclusiveGateway", "g") + &script("work", "1") + &node("endEvent", "end"),
                chain(&["start", "g", "work", "end"]) + &conditional("g", "end", "a > 1"),
            ]
            .concat(),
        );
        small.chain([ours.into_bytes()]).collect()
    })
}

#[derive(Clone, Debug)]
enum Damage {
    Flip(u8),
    Remove(usize),
    Insert(&'static str),
    Repeat(usize),
    Swap(usize),
    Cut,
}

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = prop::sample::select(vec![
        "<",
        ">",
        "&",
        "\"",
        "<!--",
        "]]>",
        "<![CDATA[",
        "<!DOCTYPE a>",
        "</",
        "/>",
        "xmlns:x=\"\"",
        "\u{FEFF}",
        "=",
        " id=\"a\"",
        "<a>",
        "\0",
        "&#0;",
        "&#xD800;",
        "<?xml version=\"1.0\"?>",
        "triggeredByEvent=\"true\"",
    ]);
    prop_oneof![
        any::<u8>().prop_map(Damage::Flip),
        (1..200_usize).prop_map(Damage::Remove),
        pieces.prop_map(Damage::Insert),
        (1..400_usize).prop_map(Damage::Repeat),
        (1..200_usize).prop_map(Damage::Swap),
        Just(Damage::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, place: usize, damage: &Damage) {
    let place = place % (bytes.len() + 1);
    let end = |length: usize| (place + length).min(bytes.len());
    match damage {
        Damage::Flip(byte) if place < bytes.len() => bytes[place] ^= byte,
        Damage::Flip(byte) => bytes.push(*byte),
        Damage::Remove(length) => drop(bytes.drain(place..end(*length))),
        Damage::Insert(piece) => drop(bytes.splice(place..place, piece.bytes())),
        Damage::Repeat(length) => {
            let again = bytes[place..end(*length)].to_vec();
            drop(bytes.splice(place..place, again));
        }
        Damage::Swap(length) => {
            let end = end(*length);
            bytes[place..end].reverse();
        }
        Damage::Cut => bytes.truncate(place),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        exercise(&bytes);
    }

    #[test]
    fn text_that_looks_like_bpmn(pieces in prop::collection::vec(prop::sample::select(vec![
        "<bpmn:process id='p'>", "</bpmn:process>", "<bpmn:subProcess id='s'>", "</bpmn:subProcess>",
        "<bpmn:startEvent id='a'/>", "<bpmn:endEvent id='b'>", "</bpmn:endEvent>", "<bpmn:terminateEventDefinition/>",
        "<bpmn:sequenceFlow id='f' sourceRef='a' targetRef='b'/>", "<bpmn:boundaryEvent id='c' attachedToRef='s'/>",
        "<bpmn:exclusiveGateway id='g' default='f'/>", "<bpmn:eventDefinitionRef>m</bpmn:eventDefinitionRef>",
        "<bpmn:messageEventDefinition id='m'/>", "<!-- -->", "<bpmn:transaction id='t'>", "</bpmn:transaction>",
    ]), 0..24)) {
        exercise(crate::file::file(&pieces.concat()).as_bytes());
        exercise(process(&pieces.concat()).as_bytes());
    }

    #[test]
    fn real_files_with_damage(
        sample in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<usize>(), damage()), 1..6),
    ) {
        let mut bytes = sample.get(samples()).clone();
        for (place, damage) in &damages {
            apply(&mut bytes, *place, damage);
        }
        exercise(&bytes);
    }
}
